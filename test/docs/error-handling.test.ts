import { createRequire } from 'node:module';
import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { loadKafkajs } from '../../src/adapters/kafka/load-kafkajs.ts';
import {
  meaningOfCode,
  OTHER_PROTOCOL_CODES,
  PROTOCOL_CODES,
} from '../../src/adapters/kafka/protocol-codes.ts';
import { ERROR_CLASSES, toBrokerError } from '../../src/adapters/kafka/to-broker-error.ts';
import {
  meaningOfSqlstate,
  OTHER_SQLSTATES,
  SQLSTATE_CLASSES,
  SQLSTATES,
} from '../../src/adapters/postgres/sqlstate.ts';
import { toDatabaseError } from '../../src/adapters/postgres/to-database-error.ts';
import { handlingOf, HANDLINGS, type Meaning } from './handling.ts';

const PATH = '../../docs/error-handling.md';

const INTRODUCTION = `# What happens at an error of Kafka or Postgres

Adapters translate by SQLSTATE, protocol code, class or errno, never by the text of a message, into an error of docs/errors.md that says
whether it is worth another try. The engine asks only for that: \`code\` and \`retryable\`. There are four ways.

This page is made from the tables in the code by its test (\`npm run test:only -- test/docs -u\`): \`src/adapters/postgres/sqlstate.ts\`,
\`src/adapters/kafka/protocol-codes.ts\`, \`src/adapters/kafka/to-broker-error.ts\`. \`test/engine/error-handling.test.ts\` proves for each kind
of row that the engine does what is said here.
`;

const POSTGRES = `## Postgres

A state that is not in the table means what its class means (its first two characters).
Without an SQLSTATE: a system call that failed, a connection that broke and a pool without a free connection are \`DATABASE_UNAVAILABLE\`
and waited out; a server that asks for a password where none is given is \`DATABASE_AUTHENTICATION_FAILED\` and stops the service; anything
else is \`DATABASE_FAILED\` and stops it.
`;

const KAFKA = `## Kafka

A missing topic is waited for while the service runs, since it may be made again; at the start it stops the service, since somebody has to
create it. \`MESSAGE_TOO_LARGE\` for a batch of several messages is no error yet: the producer tries halves first.
`;

const CLASSES = `### Errors of the client without a code

A certificate that is refused (\`KafkaJSConnectionError\` with an errno of TLS) is \`BROKER_UNAVAILABLE\` and stops the service. A class
that is not in the table means \`BROKER_UNAVAILABLE\` when it calls itself retriable, and \`INTERNAL\` otherwise.
`;

loadKafkajs();
const require = createRequire(import.meta.url);
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  readonly createErrorFromCode: (code: number) => Error & { readonly type: string };
};
const kafkajs = require('kafkajs') as Readonly<Record<string, unknown>>;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const cells = (meaning: Meaning): readonly string[] => [`\`${meaning.code}\``, handlingOf(meaning)];

function page(): string {
  const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
    a < b ? -1 : 1;
  const states = [...Object.entries(SQLSTATE_CLASSES), ...Object.entries(SQLSTATES)]
    .toSorted(byKey)
    .map(([state, meaning]) => [
      state.length === 2 ? `class ${state}` : state,
      meaning.condition,
      ...cells(meaning),
    ]);
  const codes = [...PROTOCOL_CODES].map(([code, meaning]) => [
    String(code),
    code === UNKNOWN_TO_KAFKAJS ? 'any code that kafkajs does not know' : nameOf(code),
    ...cells(meaning),
  ]);
  const classes = [...ERROR_CLASSES].map(([name, meaning]) => [`\`${name}\``, ...cells(meaning)]);
  return [
    INTRODUCTION,
    table(['way', 'what happens'], Object.entries(HANDLINGS)),
    `\n${POSTGRES}`,
    table(
      ['SQLSTATE', 'condition', 'error', 'way'],
      [...states, ['others', '', ...cells(OTHER_SQLSTATES)]],
    ),
    `\n${KAFKA}`,
    table(
      ['code', 'name', 'error', 'way'],
      [...codes, ['others', '', ...cells(OTHER_PROTOCOL_CODES)]],
    ),
    `\n${CLASSES}`,
    table(['class', 'error', 'way'], classes),
    '',
  ].join('\n');
}

const UNKNOWN_TO_KAFKAJS = -99;

function nameOf(code: number): string {
  return createErrorFromCode(code).type;
}

describe('docs/error-handling.md', () => {
  it('lists exactly the codes that the adapters know, with what happens', async () => {
    await expect(page()).toMatchFileSnapshot(PATH);
  });

  it.each([...Object.keys(SQLSTATES), ...Object.keys(SQLSTATE_CLASSES), 'XX000'])(
    'tells the truth of SQLSTATE %s',
    (state) => {
      const sqlstate = state.padEnd(5, 'Z');
      const thrown = new DatabaseError('as the server says', 0, 'error');
      thrown.code = sqlstate;
      const { code, retryable } = toDatabaseError(thrown, 'store x');
      expect(handlingOf({ code, retryable })).toBe(handlingOf(meaningOfSqlstate(sqlstate)));
      const documented = SQLSTATES[state] ?? SQLSTATE_CLASSES[state] ?? OTHER_SQLSTATES;
      expect({ code, retryable }).toEqual({
        code: documented.code,
        retryable: documented.retryable,
      });
    },
  );

  it.each([...PROTOCOL_CODES.keys(), 12, 1_000])('tells the truth of protocol code %i', (code) => {
    const error = toBrokerError(createErrorFromCode(code), 'do it', ['a:1']);
    // kafkajs has one code for all that it does not know.
    const { code: expected, retryable } = meaningOfCode(code === 1_000 ? UNKNOWN_TO_KAFKAJS : code);
    expect(error).toMatchObject({ code: expected, retryable });
  });

  it.each([...ERROR_CLASSES])('tells the truth of %s', (name, meaning) => {
    type ErrorClass = new (message: string, options: object) => Error;
    const ErrorOfKafkajs = kafkajs[name] as ErrorClass;
    const error = toBrokerError(new ErrorOfKafkajs('says', {}), 'do it', ['a:1']);
    expect(error).toMatchObject({ code: meaning.code, retryable: meaning.retryable });
  });
});
