import { type ActiveSpan, runInRoot } from './active-span.ts';
import type { SpanOptions } from './open-span.ts';
import { Recording } from './recording.ts';
import type { Trace } from '../trace.ts';

/** What came of the work, and the trace of it. */
export type Recorded<T> =
  | { readonly ok: true; readonly outputs: T; readonly trace: Trace }
  | { readonly ok: false; readonly error: unknown; readonly trace: Trace };

/**
 * Runs `work` and records it as a trace: one root span, and below it the calls of traced functions. For trying
 * a scorer on what an application does now. Never rejects: what `work` throws is in the result.
 */
export async function recordTrace<T>(
  options: SpanOptions,
  work: (span: ActiveSpan) => T | Promise<T>,
): Promise<Recorded<T>> {
  const recording = new Recording();
  try {
    const outputs = await runInRoot(recording, options, work);
    return { ok: true, outputs, trace: recording.toTrace() };
  } catch (error) {
    return { ok: false, error, trace: recording.toTrace() };
  }
}
