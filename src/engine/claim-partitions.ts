import { type DoneRanges, decodeDoneSet } from '../core/offsets/done-set.ts';
import { partitionKey } from '../core/position.ts';
import { type StartPosition, startPosition } from '../core/offsets/start-position.ts';
import type { PickResult } from '../core/result.ts';
import type { PartitionPosition, TraceConsumer } from '../ports/broker.ts';
import type { Ledger, PartitionClaims } from '../ports/ledger.ts';
import type { Observer } from '../ports/observer.ts';
import type { PartitionProcessor } from './partition-processor.ts';
import type { PartitionScope } from './partition-scope.ts';
import { RepublishedResults } from './republished-results.ts';
import type { Retry } from './retry.ts';

export interface ClaimPorts {
  readonly claims: PartitionClaims;
  readonly consumer: TraceConsumer;
  readonly ledger: Ledger;
  readonly observer: Observer;
  readonly retry: Retry;
  readonly publish: (result: PickResult, scope: PartitionScope) => Promise<void>;
}

/**
 * Takes partitions into possession, in the order that makes it safe:
 * 1. raise the epoch, so that whoever had them can store nothing more;
 * 2. only then read how far they had come;
 * 3. publish what was stored and perhaps not published;
 * 4. let records flow.
 */
export async function claimPartitions(
  wanted: readonly PartitionProcessor[],
  ports: ClaimPorts,
  options: { readonly signal: AbortSignal; readonly fromOldest?: boolean },
): Promise<void> {
  // One that was lost before its turn came must not raise the claim that its successor has made.
  const processors = wanted.filter(({ state }) => state === 'claiming');
  if (processors.length === 0) return;
  const { claims, consumer, retry } = ports;
  const partitions = processors.map(({ partition }) => partition);
  const claimed = await retry('postgres', options.signal, () => claims.claim(partitions));
  const positions = await retry('kafka', options.signal, () => consumer.positions(partitions));
  const claimOf = new Map(claimed.map((claim) => [partitionKey(claim), claim]));
  const positionOf = new Map(positions.map((position) => [partitionKey(position), position]));

  await Promise.all(
    processors.map(async (processor) => {
      const key = partitionKey(processor.partition);
      const claim = claimOf.get(key);
      const position = positionOf.get(key);
      if (claim === undefined || position === undefined) {
        throw new Error(`partition ${key} was claimed without an answer`);
      }
      const start = decideStart(position, options.fromOldest === true, ports.observer);
      const republished = await republish(processor, position, ports);
      const { partition } = processor;
      ports.observer.report({
        kind: 'partition_claimed',
        partition,
        epoch: claim.epoch,
        fromOffset: start.offset,
        republished: republished.count,
      });
      processor.run({ claim, start, republished });
    }),
  );
}

function decideStart(
  position: PartitionPosition,
  fromOldest: boolean,
  observer: Observer,
): StartPosition {
  if (fromOldest) return { offset: position.low, finished: [] };
  const start = startPosition(position);
  if (start.alarm !== undefined) {
    const { topic, partition } = position;
    observer.report({ kind: 'alarm', partition: { topic, partition }, ...start.alarm });
  }
  return start;
}

/** Publishes what was stored and perhaps not published, and tells of what. */
async function republish(
  processor: PartitionProcessor,
  position: PartitionPosition,
  { ledger, retry, publish }: ClaimPorts,
): Promise<RepublishedResults> {
  const republished = new RepublishedResults();
  const { from, published } = firstUnpublished(position);
  const isPublished = (offset: number): boolean =>
    published.some(([start, end]) => offset >= start && offset < end);
  const pages = ledger.liveResults(processor.partition, from)[Symbol.asyncIterator]();
  for (;;) {
    const page = await retry('postgres', processor.signal, () => pages.next());
    if (page.done === true) return republished;
    const open = page.value.filter(({ pick }) => !isPublished(pick.position.offset));
    await Promise.all(open.map((result) => publish(result, processor)));
    for (const result of open) republished.add(result);
  }
}

/**
 * What is below the committed offset, or in the done-set, was published before it was committed. This holds
 * wherever reading goes on: a record that retention has removed since, or that was in the topic before it
 * was made again, may have a result that nobody has published.
 */
function firstUnpublished({ committed, low }: PartitionPosition): {
  readonly from: number;
  readonly published: DoneRanges;
} {
  if (committed === null || committed.offset < 0) return { from: low, published: [] };
  const { offset, metadata } = committed;
  return { from: offset, published: decodeDoneSet(offset, metadata) ?? [] };
}
