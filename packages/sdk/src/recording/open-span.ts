import { AssessmentError } from '../assessment-error.ts';
import { newSpanId } from './ids.ts';
import { toJsonText } from './json-text.ts';
import { Span, type SpanEvent, type SpanStatus } from '../span.ts';

export interface SpanOptions {
  readonly name: string;
  /** `LLM`, `TOOL`, `RETRIEVER`, `AGENT` … or any other text; `UNKNOWN` when left out. */
  readonly spanType?: string | undefined;
  /** More attributes, by key. Recorded as JSON. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

interface OpenSpanInit extends SpanOptions {
  /** 32 hex digits. */
  readonly otelTraceId: string;
  /** null for a root span. */
  readonly parentId: string | null;
  /** Nanoseconds since the epoch. */
  readonly now: () => bigint;
}

/**
 * A span while it is recorded.
 *
 *     running ── end(outputs) ─► OK
 *        └────── fail(error) ──► ERROR, with the exception as an event
 *
 * What comes after the end is not recorded. Values are recorded as JSON text at once, so that a later change
 * of an object does not change the trace.
 */
export class OpenSpan {
  readonly spanId: string = newSpanId();
  readonly #init: OpenSpanInit;
  readonly #startedAt: bigint;
  readonly #attributes = new Map<string, string>();
  readonly #events: SpanEvent[] = [];
  #status: SpanStatus = { code: 'UNSET', message: '' };
  #endedAt: bigint | null = null;

  constructor(init: OpenSpanInit) {
    this.#init = init;
    this.#startedAt = init.now();
    this.setAttribute('mlflow.traceRequestId', `tr-${init.otelTraceId}`);
    this.setAttribute('mlflow.spanType', init.spanType ?? 'UNKNOWN');
    for (const [key, value] of Object.entries(init.attributes ?? {})) this.setAttribute(key, value);
  }

  setAttribute(key: string, value: unknown): void {
    if (this.#endedAt === null) this.#attributes.set(key, toJsonText(value));
  }

  setInputs(inputs: unknown): void {
    this.setAttribute('mlflow.spanInputs', inputs);
  }

  setOutputs(outputs: unknown): void {
    this.setAttribute('mlflow.spanOutputs', outputs);
  }

  /** Outputs that were set before are kept. */
  end(outputs: unknown): void {
    if (!this.#attributes.has('mlflow.spanOutputs')) this.setOutputs(outputs);
    this.#close({ code: 'OK', message: '' });
  }

  fail(error: unknown): void {
    const { errorCode, errorMessage, stackTrace } = AssessmentError.from(error);
    const timeUnixNano = this.#init.now();
    const attributes = {
      'exception.type': errorCode,
      'exception.message': errorMessage,
      'exception.stacktrace': stackTrace ?? '',
    };
    if (this.#endedAt === null) this.#events.push({ name: 'exception', timeUnixNano, attributes });
    this.#close({ code: 'ERROR', message: errorMessage });
  }

  /** The span as it is now; running when it has not ended. */
  toSpan(): Span {
    return new Span({
      spanId: this.spanId,
      parentId: this.#init.parentId,
      traceId: this.#init.otelTraceId,
      name: this.#init.name,
      startTimeUnixNano: this.#startedAt,
      endTimeUnixNano: this.#endedAt,
      status: { ...this.#status },
      events: [...this.#events],
      attributes: Object.fromEntries(this.#attributes),
    });
  }

  #close(status: SpanStatus): void {
    if (this.#endedAt !== null) return;
    this.#status = status;
    this.#endedAt = this.#init.now();
  }
}
