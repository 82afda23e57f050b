import type { Member } from '../harness/fleet.ts';
import type { World } from '../harness/open-world.ts';

/** A process at the moment at which it was stopped. */
export interface Frozen {
  readonly member: Member;
  /** Ids of feedback that it had stored and not published. */
  readonly unpublished: readonly string[];
  /** Traces for which it had called `paced` and stored nothing. */
  readonly unfinished: readonly string[];
  /** The newest version of `paced` at that moment. */
  readonly lastVersion: number;
}

/** Each costs the process a few tenths of a second; together they must not cost it its session. */
const MAX_TRIES = 20;

/**
 * Stops a process, looks what it was doing, and lets it go on if that is nothing: so it stands still at last
 * with a call of `paced`, which takes `callMs`, and with a stored result that it has not published.
 */
export async function freezeAtWork(world: World, member: Member, callMs: number): Promise<Frozen> {
  for (let tries = 1; ; tries++) {
    member.freeze();
    const frozen = await look(world, member, Date.now() - callMs);
    const worthIt = frozen.unfinished.length > 0 && frozen.unpublished.length > 0;
    if (worthIt || tries === MAX_TRIES) return frozen;
    member.thaw();
    await world.sql('select pg_sleep(0.02)');
  }
}

async function look(world: World, member: Member, sinceMs: number): Promise<Frozen> {
  // Picks that nobody else has called, so that what is stored of them is this process's own.
  const callers = Map.groupBy(world.calls.read(), ({ scorer, traceId }) => `${scorer} ${traceId}`);
  const called = [...callers.values()].flatMap((calls) =>
    calls.every(({ pid }) => pid === member.pid) ? calls.slice(0, 1) : [],
  );
  const rows = await world.sql<{ scorer: string; traceId: string; feedbackId: string | null }>(
    'select scorer, trace_id as "traceId", feedback_id as "feedbackId" from assay.results',
  );
  const [version] = await world.sql<{ last: number }>(
    `select last_version as last from assay.scorers where name = 'paced'`,
  );
  const stored = new Map(rows.map((row) => [`${row.scorer} ${row.traceId}`, row.feedbackId]));
  const own = called.flatMap(({ scorer, traceId }) => stored.get(`${scorer} ${traceId}`) ?? []);
  const candidates = await withoutEvents(world, own);
  return {
    member,
    // A request that was on its way when the process stopped has arrived by the second look.
    unpublished: candidates.length === 0 ? [] : await withoutEvents(world, candidates),
    unfinished: called
      .filter(({ scorer, atMs }) => scorer === 'paced' && atMs > sinceMs)
      .filter(({ traceId }) => !stored.has(`paced ${traceId}`))
      .map(({ traceId }) => traceId),
    lastVersion: version?.last ?? 0,
  };
}

async function withoutEvents(world: World, ids: readonly string[]): Promise<readonly string[]> {
  const counts = await countEvents(world);
  return ids.filter((id) => !counts.has(id));
}

/** How often each feedback is on the topic. */
async function countEvents(world: World): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { value } of await world.topics.read(world.workplace.feedbackTopic)) {
    const { feedback_id: id } = JSON.parse(String(value)) as { readonly feedback_id: string };
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** How often each feedback that was held is on the topic by now. */
export async function heldFeedback(
  world: World,
  zombies: readonly Frozen[],
): Promise<readonly number[]> {
  const counts = await countEvents(world);
  return zombies.flatMap(({ unpublished }) => unpublished.map((id) => counts.get(id) ?? 0));
}

/** The version that stored the result of each trace. */
export async function versionsOf(
  world: World,
  scorer: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await world.sql<{ traceId: string; version: number }>(
    'select trace_id as "traceId", scorer_version as version from assay.results where scorer = $1',
    [scorer],
  );
  return new Map(rows.map((row) => [row.traceId, row.version]));
}
