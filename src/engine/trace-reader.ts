import { AssayError } from '../core/errors.ts';
import { canonicalTraceId } from '../core/trace-id.ts';
import type { Archive } from '../ports/archive.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Registry } from '../ports/registry.ts';
import type { TraceReader } from '../ports/service.ts';

/** Reads traces with their feedback out of archive and ledger. */
export function createTraceReader(ports: {
  readonly archive: Archive;
  readonly ledger: Ledger;
  readonly registry: Registry;
}): TraceReader {
  const { archive, ledger, registry } = ports;
  return {
    async get(experimentId, traceId) {
      const canonical = canonicalTraceId(traceId);
      const [trace, results] = await Promise.all([
        archive.find(experimentId, canonical),
        ledger.resultsOfTrace(experimentId, canonical),
      ]);
      if (trace !== undefined) return { trace, results };
      throw new AssayError(
        'TRACE_NOT_FOUND',
        `trace '${traceId}' is not in the archive of experiment '${experimentId}'; it may belong to another experiment, be still on its way, or have been dead-lettered`,
        { context: { experimentId, traceId } },
      );
    },
    experiments: () => registry.experiments(),
  };
}
