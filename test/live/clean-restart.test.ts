import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { openCallLog } from './call-log.ts';
import { openProducer, readTopic } from './kafka-topic.ts';
import { makeTrace, traceIdOf } from './make-trace.ts';
import { runAssay, startService } from './service-process.ts';
import { openWorkplace } from './workplace.ts';

const SCORERS_FILE = fileURLToPath(new URL('./scorers/logged-scorers.ts', import.meta.url));
const TRACES = 1500;

it('redelivers no finished record after a clean stop in the middle (I11)', async () => {
  await using workplace = await openWorkplace();
  using calls = openCallLog();
  process.env['CALL_LOG'] = calls.file;
  const settings = { ...workplace.settings, SCORERS: SCORERS_FILE, SCORER_CONCURRENCY: '8' };
  await using first = await startService(settings);
  for (const name of ['quick', 'steady']) {
    await runAssay(['scorers', 'register', name, '--module-scorer', name, '--url', first.url]);
    await runAssay(['scorers', 'start', name, '--rate', '1', '--url', first.url]);
  }
  await vi.waitFor(() => expect(first.output.join('\n')).toContain('"revision":4'), 5_000);
  await using producer = await openProducer();
  const records = Array.from({ length: TRACES }, (_, n) => ({
    key: traceIdOf(n),
    value: makeTrace(n),
  }));
  const sending = producer.send(workplace.traceTopic, records.slice(0, TRACES / 2));
  await vi.waitFor(() => expect(calls.read().length).toBeGreaterThan(TRACES / 4), 30_000);
  // The others come while it stops, so that some are left however fast it is.
  const stopping = first.stop();
  await Promise.all([sending, producer.send(workplace.traceTopic, records.slice(TRACES / 2))]);
  expect(await stopping).toBe(0);
  const callsOfFirst = calls.read().length;

  await using second = await startService(settings);
  await vi.waitFor(() => expect(calls.read().length).toBeGreaterThanOrEqual(TRACES * 2), {
    timeout: 60_000,
    interval: 50,
  });
  expect(await second.stop()).toBe(0);

  expect(callsOfFirst).toBeLessThan(TRACES * 2);
  const picks = calls.read().map(({ scorer, traceId }) => `${scorer} ${traceId}`);
  expect(picks.length).toBe(TRACES * 2);
  expect(new Set(picks).size).toBe(TRACES * 2);
  const ids = (await readTopic(workplace.feedbackTopic)).map(
    ({ value }) => (JSON.parse(String(value)) as { readonly feedback_id: string }).feedback_id,
  );
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBe(TRACES * 3);
}, 150_000);
