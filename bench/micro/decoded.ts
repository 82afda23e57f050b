import type { Trace } from '@assay/sdk';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';

export function decoded(line: string): Trace {
  const result = decodeTrace(new TextEncoder().encode(line));
  if (!result.ok) throw new Error(result.detail);
  return result.trace;
}
