import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../adapters/postgres/open-database.ts';
import { runAssay } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

let workplace: Workplace;
beforeAll(async () => {
  workplace = await openWorkplace();
});
afterAll(() => workplace[Symbol.asyncDispose]());

/** Starts a service that cannot start; expects one clear line, no stack trace, and that it ends. */
async function refusal(settings: Readonly<Record<string, string>>): Promise<string> {
  const { exitCode, stderr } = await runAssay(['serve'], {
    ...workplace.settings,
    HTTP_PORT: '0',
    LOG_LEVEL: 'silent',
    ...settings,
  });
  expect(exitCode).not.toBe(0);
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr.trimEnd();
}

it('names the brokers that do not answer, and what to check', async () => {
  const message = await refusal({ KAFKA_BROKERS: '127.0.0.1:9' });
  expect(message).toMatch(/^BROKER_UNAVAILABLE: .*127\.0\.0\.1:9/);
  expect(message.split('\n')).toHaveLength(1);
}, 40_000);

it('names user and host when the database password is wrong, and hides the password', async () => {
  const url = new URL(workplace.test.url);
  url.username = 'nobody_here';
  url.password = 'wrong-secret';
  const message = await refusal({ DATABASE_URL: url.href });
  expect(message).toMatch(/^DATABASE_AUTHENTICATION_FAILED: .*nobody_here.*ASSAY_DATABASE_URL/);
  expect(message).not.toContain('wrong-secret');
});

it('says to create the database when it does not exist', async () => {
  const url = new URL(workplace.test.url);
  url.pathname = '/not_there';
  expect(await refusal({ DATABASE_URL: url.href })).toMatch(
    /^DATABASE_UNAVAILABLE: .*createdb not_there/,
  );
});

it('says to migrate when the schema is missing', async () => {
  await using empty = await openDatabase({ empty: true });
  expect(await refusal({ DATABASE_URL: empty.url })).toMatch(
    /^DATABASE_SCHEMA_OUTDATED: .*assay migrate/,
  );
});

it('names the topics that are missing when it may not create them', async () => {
  const message = await refusal({
    CREATE_TOPICS: 'false',
    TRACE_TOPICS: 'not-there-1',
    FEEDBACK_TOPIC: 'not-there-2',
    DEAD_LETTER_TOPIC: 'not-there-3',
  });
  expect(message).toMatch(/^TOPIC_NOT_FOUND: .*not-there-1.*not-there-2.*not-there-3/);
  expect(message).toContain('ASSAY_CREATE_TOPICS');
});

it('says that the port is taken, and how to choose another', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  try {
    const message = await refusal({ HTTP_PORT: String(port) });
    expect(message).toMatch(/^PORT_IN_USE: .*ASSAY_HTTP_PORT/);
  } finally {
    taken.close();
  }
});

it('refuses a host that others can reach, as long as there are no API keys', async () => {
  expect(await refusal({ HTTP_HOST: '0.0.0.0' })).toMatch(/^CONFIG_INVALID: [^]*ASSAY_HTTP_HOST/);
});

it('names a scorer module that is not there', async () => {
  expect(await refusal({ SCORERS: 'nowhere.ts' })).toMatch(/nowhere\.ts/);
});

it('names every setting that is missing, with an example', async () => {
  const { exitCode, stderr } = await runAssay(['serve'], { KAFKA_BROKERS: '', DATABASE_URL: '' });
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/^CONFIG_INVALID: [^]*ASSAY_KAFKA_BROKERS[^]*ASSAY_DATABASE_URL/);
});
