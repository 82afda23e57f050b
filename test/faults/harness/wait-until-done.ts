import { setTimeout as wait } from 'node:timers/promises';
import { expectedPicks } from './check-world.ts';
import type { FactReader } from './read-facts.ts';

const INTERVAL_MS = 100;
const SHOWN_LINES = 12;

/** Asks until nothing is missing any more; readers may fail meanwhile, since outages are part of the tests. */
export async function waitUntilDone(reader: FactReader, timeoutMs: number): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const missing = await findMissing(reader).catch((error: unknown) => String(error));
    if (missing === undefined) return;
    if (performance.now() > endMs) throw notDone(reader, missing, timeoutMs);
    await wait(INTERVAL_MS);
  }
}

/** One thing that is still missing, the cheapest to find first. */
async function findMissing(reader: FactReader): Promise<string | undefined> {
  const { records, scorers } = reader.sources;
  const counts = await reader.counts();
  const wanted = {
    archived: records.filter(({ end }) => end === 'archive').length,
    deadLetters: records.filter(({ end }) => end === 'dead_letter').length,
    results: expectedPicks({ records, scorers }).length,
  };
  for (const kind of ['archived', 'deadLetters', 'results'] as const) {
    if (counts[kind] < wanted[kind]) return `${kind}: ${counts[kind]} of ${wanted[kind]}`;
  }
  const committed = await reader.committed();
  for (const [partition, end] of await reader.ends()) {
    const position = Math.max(0, committed.get(partition) ?? 0);
    if (position < end) return `commits: ${position} of ${end} in partition ${partition}`;
  }
  const published = new Set((await reader.events()).map(({ value }) => feedbackIdOf(value)));
  const unpublished = (await reader.stored()).filter((id) => !published.has(id));
  return unpublished.length === 0 ? undefined : `feedback: ${unpublished.length} not published`;
}

function feedbackIdOf(value: Buffer | null): string {
  return (JSON.parse(String(value)) as { readonly feedback_id: string }).feedback_id;
}

function notDone({ sources }: FactReader, missing: string, timeoutMs: number): Error {
  const said = sources.fleet.running.map(({ pid, output }) =>
    [`process ${pid} said last:`, ...output.slice(-SHOWN_LINES)].join('\n  '),
  );
  return new Error([`not done after ${timeoutMs} ms: ${missing}`, ...said].join('\n'));
}
