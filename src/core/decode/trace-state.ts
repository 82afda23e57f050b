import type { JsonObject, TraceState } from '@assay/sdk';
import { pathTo } from './fields.ts';
import { unexpected } from './malformed.ts';

const STATES: ReadonlyMap<unknown, TraceState> = new Map<unknown, TraceState>([
  ['OK', 'OK'],
  ['ERROR', 'ERROR'],
  ['IN_PROGRESS', 'IN_PROGRESS'],
  ['STATE_UNSPECIFIED', 'STATE_UNSPECIFIED'],
  // V2.
  ['TRACE_STATUS_UNSPECIFIED', 'STATE_UNSPECIFIED'],
]);

export function traceState(from: JsonObject, key: string, path: string): TraceState {
  const state = STATES.get(from[key]);
  if (state !== undefined) return state;
  throw unexpected(pathTo(path, key), 'OK, ERROR, IN_PROGRESS or STATE_UNSPECIFIED', from[key]);
}
