import type { DeadLetter } from '../core/dead-letter.ts';
import type { TraceRecord } from '../core/record.ts';
import type { Pick, PickResult } from '../core/result.ts';
import { type ArchivedArrival, type Arrival, toArchivedArrival } from './arrival.ts';
import type { PartitionScope } from './partition-scope.ts';

/**
 * The way of a record. Every arrow to the right is an end that leaves nothing behind in memory only:
 *
 *   1 decode ──► tombstone: counted · malformed, too big: dead letter
 *   2 archive ─► row refused by Postgres: dead letter · Postgres away: waits
 *   3 select ──► passes, each with its reason
 *   4 score ───► error, time-out, nonsense: a result that holds the error
 *   5 record ──► the result is in the ledger before anything is published
 *   6 publish ─► broker away: waits
 *   7 commit ──► the partition's watermark and done-set, once this function has resolved
 *
 * Any step rejects with WorkAborted when the partition is lost or the service stops: then the
 * offset stays open, nothing is committed, and whoever owns the partition next takes it up.
 */
export interface PipelineSteps {
  readonly decode: (record: TraceRecord) => Decoded;
  /** Resolves with a dead letter when Postgres refuses the row because of its content. */
  readonly archive: (arrival: Arrival, scope: PartitionScope) => Promise<DeadLetter | undefined>;
  readonly select: (arrival: ArchivedArrival, scope: PartitionScope) => readonly Pick[];
  /** Runs `work` while holding one of the scorer's places; `not_running` if it was stopped meanwhile. */
  readonly inScorerSlot: <T>(
    pick: Pick,
    scope: PartitionScope,
    work: () => Promise<T>,
  ) => Promise<T | 'not_running'>;
  readonly score: (
    pick: Pick,
    arrival: ArchivedArrival,
    scope: PartitionScope,
  ) => Promise<PickResult>;
  readonly record: (result: PickResult, scope: PartitionScope) => Promise<RecordedPick>;
  readonly publish: (result: PickResult, scope: PartitionScope) => Promise<void>;
  readonly deadLetter: (letter: DeadLetter, scope: PartitionScope) => Promise<void>;
  readonly ended: (pick: Pick, end: EndedPick) => void;
  /** The pick was given up with its partition. */
  readonly dropped: (pick: Pick) => void;
}

/** How a pick ended: with a result that is stored and published, or without one. */
export type EndedPick = PickResult | 'already_scored' | 'not_running';

export type Decoded =
  | { readonly kind: 'tombstone' }
  | { readonly kind: 'refused'; readonly letter: DeadLetter }
  | { readonly kind: 'trace'; readonly arrival: Arrival };

/** The row to publish: this pick's result, or the one that the same cause stored before a crash. */
export type RecordedPick =
  | { readonly kind: 'publish'; readonly result: PickResult }
  | { readonly kind: 'already_scored' };

/**
 * Takes one record all the way. Decodes before it returns, and waits for nothing itself, so that the fetched
 * buffer can be freed. Rejects, and never throws.
 */
export async function processRecord(
  record: TraceRecord,
  scope: PartitionScope,
  steps: PipelineSteps,
): Promise<void> {
  const decoded = steps.decode(record);
  switch (decoded.kind) {
    case 'tombstone':
      return;
    case 'refused':
      return steps.deadLetter(decoded.letter, scope);
    case 'trace':
      return processTrace(decoded.arrival, scope, steps);
  }
}

async function processTrace(
  arrival: Arrival,
  scope: PartitionScope,
  steps: PipelineSteps,
): Promise<void> {
  const refused = await steps.archive(arrival, scope);
  if (refused !== undefined) return steps.deadLetter(refused, scope);
  // Not awaited here: a function that waits holds on to its parameters.
  return scoreTrace(toArchivedArrival(arrival), scope, steps);
}

async function scoreTrace(
  arrival: ArchivedArrival,
  scope: PartitionScope,
  steps: PipelineSteps,
): Promise<void> {
  const picks = steps.select(arrival, scope);
  // Queued scorers leave here: their picks become durable rows of the queue, and that ends them for the record.
  await Promise.all(picks.map((pick) => processPick({ pick, arrival }, scope, steps)));
}

/** A pick with the trace it was made for. */
interface Picked {
  readonly pick: Pick;
  readonly arrival: ArchivedArrival;
}

async function processPick(
  picked: Picked,
  scope: PartitionScope,
  steps: PipelineSteps,
): Promise<void> {
  try {
    steps.ended(picked.pick, await scoreAndPublish(picked, scope, steps));
  } catch (error) {
    steps.dropped(picked.pick);
    throw error;
  }
}

async function scoreAndPublish(
  { pick, arrival }: Picked,
  scope: PartitionScope,
  steps: PipelineSteps,
): Promise<EndedPick> {
  // The place is held until the result is stored: a crash can cost at most as many calls as there are places.
  const recorded = await steps.inScorerSlot(pick, scope, async () =>
    steps.record(await steps.score(pick, arrival, scope), scope),
  );
  if (recorded === 'not_running') return 'not_running';
  if (recorded.kind === 'already_scored') return 'already_scored';

  await steps.publish(recorded.result, scope);
  return recorded.result;
}
