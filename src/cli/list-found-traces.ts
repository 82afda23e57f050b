import type { FoundTraceBody } from '../contract/http/search.ts';
import { cut, formatTable } from './table.ts';

const MAX_NAME = 40;

/** Traces one below the other, the request last. */
export function listFoundTraces(traces: readonly FoundTraceBody[], width: number): string {
  const rows = traces.map((trace) => [
    trace.trace_id,
    trace.request_time,
    trace.state,
    trace.execution_duration_ms === null ? '-' : String(trace.execution_duration_ms),
    cut(trace.name ?? '-', MAX_NAME),
    trace.request_preview ?? '-',
  ]);
  return formatTable(['TRACE', 'TIME', 'STATE', 'MS', 'NAME', 'REQUEST'], rows, width);
}
