import type { Assessment } from './assessment.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { JsonObject } from './json.ts';
import type { Span, SpanStatus } from './span.ts';

export type TraceState = 'OK' | 'ERROR' | 'IN_PROGRESS' | 'STATE_UNSPECIFIED';

export interface TraceInfo {
  /** As the client spelled it. */
  readonly traceId: string;
  readonly clientRequestId: string | null;
  /** The location object as it came (`type` and one variant), in snake_case. */
  readonly traceLocation: JsonObject;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  /** Milliseconds since the epoch. */
  readonly requestTimeMs: number;
  /** null while the trace is running. */
  readonly executionDurationMs: number | null;
  readonly state: TraceState;
  /** Own keys only; built without a prototype, so any key is safe to read. */
  readonly traceMetadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly assessments: readonly Assessment[];
}

/** Fields that are left out fit every span. */
export interface SpanQuery {
  /** The whole name, or a pattern that is found in it. */
  readonly name?: string | RegExp | undefined;
  /** As `span.spanType` gives it: `TOOL`, `RETRIEVER` …; `UNKNOWN` for spans without one. */
  readonly type?: string | undefined;
  readonly spanId?: string | undefined;
  /** null: root spans. */
  readonly parentId?: string | null | undefined;
  readonly status?: SpanStatus['code'] | undefined;
}

/**
 * One request of an application: what went in, what came out, and the spans between. All of it is frozen:
 * the scorers of a trace share it.
 */
export class Trace {
  readonly info: TraceInfo;
  readonly data: { readonly spans: readonly Span[] };

  constructor(info: TraceInfo, spans: readonly Span[]) {
    this.info = deepFreeze(info);
    this.data = Object.freeze({ spans: Object.freeze(spans) });
    Object.freeze(this);
  }

  /** The first span in list order without a parent; undefined when there is none. */
  get rootSpan(): Span | undefined {
    return this.data.spans.find((span) => span.parentId === null);
  }

  /** Inputs of the root span, decoded; null without a root. */
  get inputs(): unknown {
    return this.rootSpan?.inputs ?? null;
  }

  /** Outputs of the root span, decoded; null without a root. */
  get outputs(): unknown {
    return this.rootSpan?.outputs ?? null;
  }

  /** Valid expectations that the trace carries, by name; undefined when it carries none. */
  get expectations(): Readonly<Record<string, unknown>> | undefined {
    const found = this.info.assessments.filter((a) => a.kind === 'expectation' && a.valid);
    if (found.length === 0) return undefined;
    return Object.fromEntries(
      found.map((a) => [a.name, a.kind === 'expectation' ? a.value : null]),
    );
  }

  /** The spans that fit every given field, in list order. A RegExp is searched in the name. */
  searchSpans(query: SpanQuery): readonly Span[] {
    return this.data.spans.filter(
      (span) =>
        (query.name === undefined ||
          (typeof query.name === 'string'
            ? span.name === query.name
            : span.name.search(query.name) >= 0)) &&
        (query.type === undefined || span.spanType === query.type) &&
        (query.spanId === undefined || span.spanId === query.spanId) &&
        (query.parentId === undefined || span.parentId === query.parentId) &&
        (query.status === undefined || span.status.code === query.status),
    );
  }
}
