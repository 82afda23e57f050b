import type { JsonObject, SpanStatus } from '@assay/sdk';
import { optionalObject, optionalString, pathTo } from './fields.ts';
import { unexpected } from './malformed.ts';

/** Names of the three MLflow spellings, and the numbers of OTLP JSON. */
const CODES: ReadonlyMap<unknown, SpanStatus['code']> = new Map<unknown, SpanStatus['code']>([
  ['STATUS_CODE_OK', 'OK'],
  ['STATUS_CODE_ERROR', 'ERROR'],
  ['STATUS_CODE_UNSET', 'UNSET'],
  ['OK', 'OK'],
  ['ERROR', 'ERROR'],
  ['UNSET', 'UNSET'],
  [0, 'UNSET'],
  [1, 'OK'],
  [2, 'ERROR'],
  [null, 'UNSET'],
  [undefined, 'UNSET'],
]);

/** What most spans have: shared, and frozen already. */
const OK: SpanStatus = Object.freeze({ code: 'OK', message: '' });

/** V3: `status: { code, message }`; absent means UNSET. */
export function spanStatus(from: JsonObject, path: string): SpanStatus {
  const status = optionalObject(from, 'status', path) ?? {};
  const at = pathTo(path, 'status');
  const code = statusCode(status, 'code', at);
  const message = optionalString(status, 'message', at) ?? '';
  return code === 'OK' && message === '' ? OK : { code, message };
}

export function statusCode(from: JsonObject, key: string, path: string): SpanStatus['code'] {
  const code = CODES.get(from[key]);
  if (code === undefined) throw unexpected(pathTo(path, key), 'OK, ERROR or UNSET', from[key]);
  return code;
}
