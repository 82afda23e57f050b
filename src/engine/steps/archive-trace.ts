import { toArchiveRow } from '../../core/to-archive-row.ts';
import type { DeadLetter } from '../../core/dead-letter.ts';
import type { Appended, Archive, ArchiveEntry } from '../../ports/archive.ts';
import type { Observer } from '../../ports/observer.ts';
import { abandonOnAbort, giveUpClaim } from '../abort.ts';
import type { Arrival } from '../arrival.ts';
import { type Stored, storeBisecting } from '../bisect.ts';
import { coalesce } from '../coalesce.ts';
import { describeRefusal } from '../describe-refusal.ts';
import type { PartitionScope } from '../partition-scope.ts';
import type { Retry } from '../retry.ts';

/** Measured best: batches of 100–500 rows on two connections. */
const MAX_ROWS = 500;
const MAX_BYTES = 8 * 1024 * 1024;
const CONNECTIONS = 2;

export interface ArchiveStepPorts {
  readonly archive: Archive;
  readonly observer: Observer;
  readonly retry: Retry;
  /** Ends waiting for Postgres when the engine stops. */
  readonly signal: AbortSignal;
}

/** Step 2: one row per record, whatever is sampled later. */
export function createArchiveStep(
  ports: ArchiveStepPorts,
): (arrival: Arrival, scope: PartitionScope) => Promise<DeadLetter | undefined> {
  const { archive, observer, retry, signal } = ports;
  const append = coalesce<ArchiveEntry, Stored<Appended>>({
    maxItems: MAX_ROWS,
    maxSize: MAX_BYTES,
    sizeOf: ({ row }) => row.body.length,
    parallel: CONNECTIONS,
    run: (entries) =>
      storeBisecting(entries, (part) => retry('postgres', signal, () => archive.append(part))),
  });

  return async (arrival, scope) => {
    const { position, config, experimentId } = arrival;
    if (!config.archives(experimentId)) {
      observer.report({ kind: 'not_archived', position });
      return undefined;
    }
    const row = toArchiveRow(arrival, config.revision);
    const stored = await abandonOnAbort(append({ row, claim: scope.claim }), scope.signal);
    if (stored.kind === 'ok') {
      if (stored.result === 'claim_lost') giveUpClaim(scope);
      observer.report({ kind: 'archived', position });
      return undefined;
    }
    const detail = describeRefusal('the trace', stored.error);
    observer.report({
      kind: 'dead_lettered',
      position,
      reason: 'ROW_REFUSED',
      stage: 'archive',
      detail,
    });
    return toDeadLetter(arrival, detail);
  };
}

function toDeadLetter(arrival: Arrival, detail: string): DeadLetter {
  const { position, recordTimestampMs, key, headers, body } = arrival;
  return {
    position,
    recordTimestampMs,
    reason: 'ROW_REFUSED',
    detail,
    field: null,
    key,
    value: body,
    headers,
  };
}
