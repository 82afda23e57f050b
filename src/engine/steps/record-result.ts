import type { Json } from '@assay/sdk';
import { toPickResult } from '../../core/feedback/to-pick-result.ts';
import type { PickResult } from '../../core/result.ts';
import type { Ledger, LedgerEntry, Recorded } from '../../ports/ledger.ts';
import { abandonOnAbort, giveUpClaim } from '../abort.ts';
import { type Stored, storeBisecting } from '../bisect.ts';
import { coalesce } from '../coalesce.ts';
import { describeRefusal } from '../describe-refusal.ts';
import type { PartitionScope } from '../partition-scope.ts';
import type { RecordedPick } from '../pipeline.ts';
import type { Retry } from '../retry.ts';

const MAX_ROWS = 500;
const MAX_BYTES = 8 * 1024 * 1024;
const CONNECTIONS = 2;

export interface RecordStepPorts {
  readonly ledger: Ledger;
  readonly retry: Retry;
  /** Ends waiting for Postgres when the engine stops. */
  readonly signal: AbortSignal;
}

/** Step 5: the result into the ledger, under the partition's claim; first insert wins. */
export function createRecordStep(
  ports: RecordStepPorts,
): (result: PickResult, scope: PartitionScope) => Promise<RecordedPick> {
  const { ledger, retry, signal } = ports;
  const insert = coalesce<LedgerEntry, Stored<Recorded>>({
    maxItems: MAX_ROWS,
    maxSize: MAX_BYTES,
    sizeOf: ({ result }) => approximateBytes(result),
    parallel: CONNECTIONS,
    run: (entries) =>
      storeBisecting(entries, (part) => retry('postgres', signal, () => ledger.record(part))),
  });

  return async (result, scope) => {
    const { claim } = scope;
    const first = await abandonOnAbort(insert({ result, claim }), scope.signal);
    if (first.kind === 'ok') return toRecordedPick(result, first.result, scope);

    // Postgres refuses what the scorer said: the pick still ends, as an error that says so.
    const refused = toPickResult({
      pick: result.pick,
      returned: {
        kind: 'error',
        error: describeRefusal('what the scorer returned', first.error),
        code: 'RESULT_REFUSED',
      },
      createdAtMs: result.createdAtMs,
    });
    const second = await abandonOnAbort(insert({ result: refused, claim }), scope.signal);
    if (second.kind === 'refused') throw second.error;
    return toRecordedPick(refused, second.result, scope);
  };
}

function toRecordedPick(
  result: PickResult,
  recorded: Recorded,
  scope: PartitionScope,
): RecordedPick {
  switch (recorded.kind) {
    case 'stored':
      return { kind: 'publish', result };
    case 'own':
      return { kind: 'publish', result: recorded.result };
    case 'already_scored':
      return { kind: 'already_scored' };
    case 'claim_lost':
      return giveUpClaim(scope);
  }
}

/** Near enough to keep a statement small; to write the JSON only to count it would cost more than the insert. */
function approximateBytes({ feedback }: PickResult): number {
  return feedback.reduce(
    (sum, { value, rationale, error, metadata }) =>
      sum +
      500 +
      sizeOfJson(value) +
      sizeOfJson(metadata) +
      (rationale?.length ?? 0) +
      (error === null ? 0 : error.message.length + (error.stackTrace?.length ?? 0)),
    200,
  );
}

function sizeOfJson(value: Json): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 8;
  return Object.entries(value).reduce(
    (sum, [key, field]: [string, Json]) => sum + key.length + sizeOfJson(field),
    8,
  );
}
