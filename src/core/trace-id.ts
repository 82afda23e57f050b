const OTEL_TRACE_ID = /^(?:tr-|trace:\/.+\/)?([0-9a-fA-F]{32})$/s;

/**
 * The one spelling under which a trace id is sampled, stored and compared: `tr-` and 32 lower-case
 * hex digits for `tr-<hex>`, bare `<hex>` and `trace:/<location>/<hex>`; any other id as it came.
 */
export function canonicalTraceId(id: string): string {
  const hex = OTEL_TRACE_ID.exec(id)?.[1];
  return hex === undefined ? id : `tr-${hex.toLowerCase()}`;
}
