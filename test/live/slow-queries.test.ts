import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { type App, createBroker, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { requireForServe } from '../../src/config/require-settings.ts';
import { makeTrace, traceIdOf } from './make-trace.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const FOR_FEEDBACK = `filter_string=${encodeURIComponent("feedback.safety = 'yes'")}`;
const EXPERIMENT = '/api/v1/experiments/0';

let workplace: Workplace;
// Loaded after the service, which repairs kafkajs before anybody else may load it.
let kafka: typeof import('./kafka-topic.ts');
let app: App;
let other: Client;
const faults: unknown[] = [];
const logged: string[] = [];

beforeAll(async () => {
  workplace = await openWorkplace();
  const env = Object.fromEntries(
    Object.entries({
      ...workplace.settings,
      KAFKA_BROKERS: inject('kafkaBrokers'),
      HTTP_PORT: '0',
      LOG_LEVEL: 'warn',
    }).map(([name, value]) => [`ASSAY_${name}`, value]),
  );
  const { config: loaded } = loadConfig({ argvOverrides: {}, env, readFile: () => undefined });
  const config = requireForServe(loaded);
  app = await startApp({
    config,
    openBroker: () => createBroker(config),
    onFault: (error) => faults.push(error),
    logTo: { write: (line) => logged.push(line) },
  });
  kafka = await import('./kafka-topic.ts');
  other = await workplace.test.connect();
}, 60_000);

afterAll(async () => {
  // Where the test failed the queries still wait for the lock.
  await other?.query('rollback');
  await app?.stop();
  await workplace?.[Symbol.asyncDispose]();
});

/** The status and what the answer says. */
async function get(path: string): Promise<{ status: number; code: unknown }> {
  const response = await fetch(`${app.url}${path}`);
  const body: unknown = await response.json();
  const code = typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined;
  return { status: response.status, code };
}

async function archived(): Promise<number> {
  const text = 'select count(*)::integer as count from assay.traces';
  const [row] = await workplace.test.database.query<{ count: number }>('test', text);
  return row?.count ?? 0;
}

describe('slow queries of people', () => {
  it('hold up neither the live path nor its health', async () => {
    await using producer = await kafka.openProducer();
    const send = (n: number) =>
      producer.send(workplace.traceTopic, [{ key: traceIdOf(n), value: makeTrace(n) }]);
    await send(0);
    await vi.waitFor(async () => expect(await archived()).toBe(1), { timeout: 20_000 });

    // Nothing is scored, so only queries read the results, and wait.
    await other.query('begin');
    await other.query('lock table assay.results in access exclusive mode');
    let pending = 0;
    const ask = async (path: string) => {
      pending++;
      try {
        return await get(path);
      } finally {
        pending--;
      }
    };
    const searches = Array.from({ length: 12 }, () => ask(`${EXPERIMENT}/traces?${FOR_FEEDBACK}`));
    const reads = Array.from({ length: 12 }, (_, n) =>
      ask(`${EXPERIMENT}/traces/${traceIdOf(0)}${n % 2 === 0 ? '' : '/explain'}`),
    );
    let sent = 1;
    while (pending > 0) {
      await send(sent++);
      await vi.waitFor(async () => expect(await archived()).toBe(sent), { timeout: 4_000 });
      expect(await get('/readyz')).toMatchObject({ status: 200 });
    }
    await other.query('rollback');

    const found = await Promise.all(searches);
    expect(found.filter(({ status }) => status === 429)).not.toHaveLength(0);
    for (const { code } of found) expect(code).toMatch(/^QUERY_(LIMIT_REACHED|TIMED_OUT)$/);
    expect(found.map(({ code }) => code)).toContain('QUERY_TIMED_OUT');
    for (const { status } of await Promise.all(reads)) expect([429, 504]).toContain(status);
    expect(sent).toBeGreaterThan(10);
    expect(faults).toEqual([]);
    expect(logged.filter((line) => line.includes('dependency_down'))).toEqual([]);
    expect(await get(`${EXPERIMENT}/traces?${FOR_FEEDBACK}`)).toMatchObject({ status: 200 });
  }, 60_000);
});
