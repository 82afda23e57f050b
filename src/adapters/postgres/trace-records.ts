import { sanitizeText } from '@assay/sdk';
import type { TraceRecords } from '../../ports/archive.ts';
import type { Statements } from './database.ts';
import { findExperimentsOfTrace } from './find-experiments-of-trace.ts';
import { findRecords } from './find-records.ts';

/** All records of a trace in `assay.trace_records`. */
export function createPostgresTraceRecords(statements: Statements): TraceRecords {
  return {
    recordsOf: ({ experimentId, canonicalTraceId, limit }) =>
      findRecords(statements, {
        experimentId: sanitizeText(experimentId),
        canonicalTraceId: sanitizeText(canonicalTraceId),
        limit,
      }),
    experimentsOf: (canonicalTraceId) =>
      findExperimentsOfTrace(statements, sanitizeText(canonicalTraceId)),
  };
}
