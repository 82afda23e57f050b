import { newOtelTraceId } from './ids.ts';
import { OpenSpan, type SpanOptions } from './open-span.ts';
import { toRecordedTrace } from './recorded-trace.ts';
import { createStopwatch } from './stopwatch.ts';
import type { Trace } from '../trace.ts';

/** The spans of one trace while it is recorded. */
export class Recording {
  readonly otelTraceId: string = newOtelTraceId();
  readonly #requestTimeMs = Date.now();
  readonly #now = createStopwatch();
  readonly #spans: OpenSpan[] = [];

  /** Without a parent it is a root span. */
  start(options: SpanOptions, parent: OpenSpan | null): OpenSpan {
    const span = new OpenSpan({
      ...options,
      otelTraceId: this.otelTraceId,
      parentId: parent?.spanId ?? null,
      now: this.#now,
    });
    this.#spans.push(span);
    return span;
  }

  /** What was recorded until now, in the order in which the spans began: the root span first. */
  toTrace(): Trace {
    const spans = this.#spans.map((span) => span.toSpan());
    const [root] = spans;
    return toRecordedTrace({
      otelTraceId: this.otelTraceId,
      name: root?.name ?? '',
      spans,
      state: stateOf(root?.status.code),
      requestTimeMs: this.#requestTimeMs,
      executionDurationMs: root?.durationMs ?? null,
    });
  }
}

function stateOf(status: 'OK' | 'ERROR' | 'UNSET' | undefined): 'OK' | 'ERROR' | 'IN_PROGRESS' {
  return status === 'OK' || status === 'ERROR' ? status : 'IN_PROGRESS';
}
