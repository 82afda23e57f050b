import type { Trace } from '@assay/sdk';
import { decodeTrace } from '../core/decode/decode-trace.ts';
import type { ArchiveRow } from '../core/archive-row.ts';

/** The trace in an archived text; undefined where it can no longer be read. */
export function readStoredTrace({ body }: Pick<ArchiveRow, 'body'>): Trace | undefined {
  const decoded = decodeTrace(new TextEncoder().encode(body));
  return decoded.ok ? decoded.trace : undefined;
}
