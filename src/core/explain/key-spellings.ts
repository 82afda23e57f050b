import { canonicalTraceId } from '../trace-id.ts';

const CANONICAL = /^tr-([0-9a-f]{32})$/;

/** How a producer may have spelled a trace id as its record key: as given, `tr-<hex>`, `<hex>`, and in capitals. */
export function keySpellings(traceId: string): readonly string[] {
  const canonical = canonicalTraceId(traceId);
  const hex = CANONICAL.exec(canonical)?.[1];
  const others = hex === undefined ? [] : [hex, hex.toUpperCase()];
  return [...new Set([traceId, canonical, ...others])];
}
