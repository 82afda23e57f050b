import type { Trace, TraceState } from '../trace.ts';

/** Whose traces are meant, and a way to give up. */
export interface CallOptions {
  /** The client's when left out. */
  readonly experimentId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SearchOptions extends CallOptions {
  /** As a scorer's: docs/filters.md. Every trace when left out. */
  readonly filterString?: string | undefined;
  /** 1 to 500; 100 when left out. */
  readonly maxResults?: number | undefined;
  /** `execution_time_ms DESC`, `tags.env` …; newest first when left out. */
  readonly orderBy?: string | readonly string[] | undefined;
  /** `nextPageToken` of the page before. */
  readonly pageToken?: string | undefined;
}

/** A stored trace in a list: what was extracted of it. The trace itself comes when it is asked for. */
export interface FoundTrace {
  /** As the trace spells it. */
  readonly traceId: string;
  readonly name: string | null;
  readonly state: TraceState;
  /** RFC 3339 in UTC. */
  readonly requestTime: string;
  /** null while the trace is running. */
  readonly executionDurationMs: number | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  /** At most 1,000 characters. */
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** A scorer picks the trace where this is below its sample rate. */
  readonly samplePosition: number;
  /** Where the record stands in Kafka; the offset is decimal text. */
  readonly position: {
    readonly topic: string;
    readonly partition: number;
    readonly offset: string;
  };
  /** Asks the service for the whole trace. Rejects with TRACE_NOT_FOUND when it has been deleted since. */
  load(options?: Pick<CallOptions, 'signal'>): Promise<Trace>;
}

export interface TracePage {
  readonly traces: readonly FoundTrace[];
  /**
   * null when there are no more. A page can hold fewer traces than asked for, or none, and still have a token: the
   * search took long.
   */
  readonly nextPageToken: string | null;
}
