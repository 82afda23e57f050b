import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { toBrokerError } from '../../../src/adapters/kafka/to-broker-error.ts';
import { AssayError } from '../../../src/core/errors.ts';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';

const kafkajs = loadKafkajs();
const require = createRequire(import.meta.url);
const { createErrorFromCode } = require('kafkajs/src/protocol/error') as {
  readonly createErrorFromCode: (code: number) => Error;
};
/** The classes are built as the package does it, which its types leave out. */
type ErrorClass = new (cause: unknown, options?: object) => Error;
function make(name: `KafkaJS${string}`, cause: unknown, options?: object): Error {
  const { [name]: Class } = kafkajs as unknown as Readonly<Record<string, ErrorClass>>;
  if (Class === undefined) throw new Error(`kafkajs has no class ${name}`);
  return new Class(cause, options);
}

const translate = (error: unknown) => toBrokerError(error, 'do it', ['a:1', 'b:2']);

describe('toBrokerError', () => {
  it.each([
    [3, 'TOPIC_NOT_FOUND', true],
    [6, 'BROKER_UNAVAILABLE', true],
    [10, 'MESSAGE_TOO_LARGE', false],
    [14, 'BROKER_UNAVAILABLE', true],
    [12, 'BROKER_REFUSED', false],
    [18, 'MESSAGE_TOO_LARGE', false],
    [22, 'GROUP_MEMBERSHIP_LOST', false],
    [25, 'GROUP_MEMBERSHIP_LOST', false],
    [27, 'BROKER_UNAVAILABLE', true],
    [29, 'BROKER_REFUSED', false],
    [45, 'BROKER_UNAVAILABLE', true],
    [58, 'BROKER_AUTHENTICATION_FAILED', false],
    [59, 'BROKER_UNAVAILABLE', true],
    [82, 'GROUP_MEMBERSHIP_LOST', false],
    [90, 'BROKER_UNAVAILABLE', true],
  ])('translates protocol code %i into %s', (protocolCode, code, retryable) => {
    expect(translate(createErrorFromCode(protocolCode))).toMatchObject({ code, retryable });
  });

  it('says what could not be done, what Kafka says to it, and what helps', () => {
    const { message, context } = translate(createErrorFromCode(29));
    expect(message).toMatch(/^cannot do it: Kafka at a:1, b:2 says: .+; give the user this right/);
    expect(context).toMatchObject({ protocolCode: 29, protocolName: 'TOPIC_AUTHORIZATION_FAILED' });
  });

  it('names the setting when the brokers do not allow the session time-out', () => {
    const { code, retryable, message } = translate(createErrorFromCode(26));
    expect({ code, retryable }).toEqual({ code: 'BROKER_REFUSED', retryable: false });
    expect(message).toContain('ASSAY_KAFKA_SESSION_TIMEOUT_MS');
  });

  it('looks into what retries and lists of errors wrap', () => {
    const inner = createErrorFromCode(30);
    const retried = make('KafkaJSNumberOfRetriesExceeded', inner, { retryCount: 1, retryTime: 1 });
    const wrapped = make('KafkaJSNonRetriableError', retried, { cause: retried });
    expect(translate(wrapped)).toMatchObject({ code: 'BROKER_REFUSED', cause: wrapped });
    const several = new kafkajs.KafkaJSAggregateError('several', [inner]);
    expect(translate(several).context).toMatchObject({ protocolCode: 30 });
  });

  it('takes a cluster that cannot be reached for unavailable, and names its addresses', () => {
    const refused = make('KafkaJSConnectionError', 'connect ECONNREFUSED', {
      broker: 'a:1',
      code: 'ECONNREFUSED',
    });
    expect(translate(refused)).toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: true });
    expect(translate(refused).message).toBe(
      'cannot do it: Kafka at a:1, b:2 does not answer (connect ECONNREFUSED); check that it runs, and ASSAY_KAFKA_BROKERS',
    );
    for (const name of ['KafkaJSGroupCoordinatorNotFound', 'KafkaJSLockTimeout'] as const) {
      expect(translate(make(name, 'x'))).toMatchObject({
        code: 'BROKER_UNAVAILABLE',
        retryable: true,
      });
    }
  });

  it('points at the address that the cluster gave out when that is the one that does not answer', () => {
    const options = { broker: 'kafka:9092', code: 'ENOTFOUND' };
    const { message } = translate(make('KafkaJSConnectionError', 'getaddrinfo', options));
    expect(message).toContain('kafka:9092 (its advertised.listeners)');
  });

  it('points at TLS and login when the connection is closed without a word', () => {
    const closed = make('KafkaJSConnectionClosedError', 'Closed connection', {
      host: 'a',
      port: 1,
    });
    expect(translate(closed).message).toContain('ASSAY_KAFKA_SSL');
  });

  it.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'does not ask to try again when the certificate is refused: %s',
    (code) => {
      const error = translate(make('KafkaJSConnectionError', 'TLS', { broker: 'a:1', code }));
      expect(error).toMatchObject({ code: 'BROKER_UNAVAILABLE', retryable: false });
      expect(error.message).toContain('NODE_EXTRA_CA_CERTS');
    },
  );

  it('takes refused credentials for final', () => {
    const error = translate(make('KafkaJSSASLAuthenticationError', 'SASL PLAIN failed'));
    expect(error).toMatchObject({ code: 'BROKER_AUTHENTICATION_FAILED', retryable: false });
    expect(error.message).toContain('ASSAY_KAFKA_SASL_PASSWORD');
  });

  it('takes everything else for a fault, and leaves its own errors alone', () => {
    expect(translate(new TypeError('x is not a function'))).toMatchObject({ code: 'INTERNAL' });
    expect(translate('odd')).toMatchObject({ code: 'INTERNAL', retryable: false });
    const own = new AssayError('TOPIC_NOT_FOUND', 'gone');
    expect(translate(own)).toBe(own);
  });
});
