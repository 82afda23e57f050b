import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Call, type CallLog, openCallLog } from './call-log.ts';
import { openProducer, readTopic } from './kafka-topic.ts';
import { makeTrace, positionOf, traceIdOf } from './make-trace.ts';
import { runAssay, type ServiceProcess, startService } from './service-process.ts';
import { openWorkplace, type Workplace } from './workplace.ts';

const SCORERS_FILE = fileURLToPath(new URL('./scorers/logged-scorers.ts', import.meta.url));
const TRACES = 3000;
const KILLS = 5;
/** Calls at once of each scorer. */
const CONCURRENCY = 8;
const RATES = { quick: 1, steady: 0.5, shaky: 0.8 } as const;

let workplace: Workplace;
let calls: CallLog;
let killed: { readonly pid: number; readonly unstored: readonly Call[] }[];
let events: readonly { readonly id: string; readonly traceId: string; readonly bytes: string }[];

beforeAll(async () => {
  workplace = await openWorkplace();
  calls = openCallLog();
  killed = [];
  let service = await start();
  for (const [name, rate] of Object.entries(RATES)) {
    await assay('scorers', 'register', name, '--module-scorer', name, '--url', service.url);
    await assay('scorers', 'start', name, '--rate', String(rate), '--url', service.url);
  }
  await vi.waitFor(() => expect(service.output.join('\n')).toContain('"revision":6'), 5_000);

  await using producer = await openProducer();
  const sending = producer.send(
    workplace.traceTopic,
    Array.from({ length: TRACES }, (_, n) => ({ key: traceIdOf(n), value: makeTrace(n) })),
  );
  for (let kill = 1; kill <= KILLS; kill++) {
    await resultsReach((kill * TRACES * 2) / (KILLS + 2));
    await service.kill();
    killed.push({ pid: service.pid, unstored: await unstoredCalls(service.pid) });
    service = await start();
  }
  await sending;
  await resultsReach(expectedPicks().length);
  expect(await service.stop()).toBe(0);
  events = (await readTopic(workplace.feedbackTopic)).map(({ value }) => {
    const bytes = String(value);
    const event = JSON.parse(bytes) as { readonly feedback_id: string; readonly trace_id: string };
    return { id: event.feedback_id, traceId: event.trace_id, bytes };
  });
}, 240_000);

afterAll(async () => {
  calls?.[Symbol.dispose]();
  await workplace?.[Symbol.asyncDispose]();
});

function start(): Promise<ServiceProcess> {
  process.env['CALL_LOG'] = calls.file;
  return startService({
    ...workplace.settings,
    SCORERS: SCORERS_FILE,
    SCORER_CONCURRENCY: String(CONCURRENCY),
    LOG_LEVEL: 'info',
  });
}

async function assay(...args: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await runAssay(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}

async function countResults(): Promise<number> {
  const [row] = await workplace.test.database.query<{ count: number }>(
    'test',
    'select count(*)::int as count from assay.results',
  );
  return row?.count ?? 0;
}

async function resultsReach(count: number): Promise<void> {
  await vi.waitFor(async () => expect(await countResults()).toBeGreaterThanOrEqual(count), {
    timeout: 60_000,
    interval: 20,
  });
}

/** Calls of a process that have left no row in the ledger; one whose insert is still under way is among them. */
async function unstoredCalls(pid: number): Promise<readonly Call[]> {
  const rows = await workplace.test.database.query<{ pick: string }>(
    'test',
    `select scorer || ' ' || trace_id as pick from assay.results`,
  );
  const stored = new Set(rows.map((row) => row.pick));
  return calls.read().filter((call) => call.pid === pid && !stored.has(pickOf(call)));
}

function pickOf({ scorer, traceId }: Omit<Call, 'pid' | 'atMs'>): string {
  return `${scorer} ${traceId}`;
}

function expectedPicks(): readonly string[] {
  return Object.entries(RATES).flatMap(([scorer, rate]) =>
    Array.from({ length: TRACES }, (_, n) => traceIdOf(n))
      .filter((traceId) => positionOf(traceId) < rate)
      .map((traceId) => pickOf({ scorer, traceId })),
  );
}

describe(`${KILLS} kills while ${TRACES} traces flow`, () => {
  it('lose no trace: each is archived exactly once (I7)', async () => {
    const rows = await workplace.test.database.query<{ trace_id: string }>(
      'test',
      'select trace_id from assay.traces',
    );
    const expected = Array.from({ length: TRACES }, (_, n) => traceIdOf(n)).toSorted();
    expect(rows.map((row) => row.trace_id).toSorted()).toEqual(expected);
  });

  it('end every pick in one result, of the traces that an independent computation picks (I4)', async () => {
    const rows = await workplace.test.database.query<{ pick: string }>(
      'test',
      `select scorer || ' ' || trace_id as pick from assay.results`,
    );
    expect(rows.map(({ pick }) => pick).toSorted()).toEqual([...expectedPicks()].toSorted());
  });

  it('lose no feedback: every stored one is published (I17)', async () => {
    const rows = await workplace.test.database.query<{ feedback_id: string }>(
      'test',
      'select feedback_id from assay.feedback',
    );
    const published = new Set(events.map(({ id }) => id));
    expect(rows.length).toBeGreaterThan(TRACES * 2);
    expect(rows.map((row) => row.feedback_id).filter((id) => !published.has(id))).toEqual([]);
    expect(published.size).toBe(rows.length);
  });

  it('repeat some feedback, and every repeat has the same bytes (I5)', () => {
    const first = new Map<string, string>();
    let repeats = 0;
    for (const { id, bytes } of events) {
      const before = first.get(id);
      if (before === undefined) {
        first.set(id, bytes);
        continue;
      }
      repeats++;
      expect(bytes).toBe(before);
    }
    process.stderr.write(`${repeats} of ${events.length} feedback events were repeats\n`);
    expect(repeats).toBeGreaterThan(0);
  });

  it('cost at most as many calls as each scorer may have at once', () => {
    expect(killed).toHaveLength(KILLS);
    for (const { unstored } of killed) {
      for (const scorer of Object.keys(RATES)) {
        const lost = unstored.filter((call) => call.scorer === scorer).length;
        expect(lost, scorer).toBeLessThanOrEqual(CONCURRENCY);
      }
    }
    const perKill = killed.map(({ unstored }) => unstored.length).join(', ');
    process.stderr.write(`calls without a stored result, per kill: ${perKill}\n`);
  });

  it('never call a scorer for a pick with a stored result', () => {
    // A call may be repeated once for each kill that left it without a stored result.
    const allowed = countPicks(killed.flatMap(({ unstored }) => unstored));
    const called = countPicks(calls.read());
    const wasted = [...called].filter(([pick, count]) => count > 1 + (allowed.get(pick) ?? 0));
    expect(wasted).toEqual([]);
    expect(called.size).toBe(expectedPicks().length);
  });
});

function countPicks(made: readonly Call[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const call of made) counts.set(pickOf(call), (counts.get(pickOf(call)) ?? 0) + 1);
  return counts;
}
