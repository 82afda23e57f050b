import type { Trace } from '@assay/sdk';

/** Tag `mlflow.traceName`, else the root span's name; undefined when both are missing or empty. */
export function traceName(trace: Trace): string | undefined {
  return trace.info.tags['mlflow.traceName'] || trace.rootSpan?.name || undefined;
}
