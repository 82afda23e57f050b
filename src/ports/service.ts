import type { PickResult } from '../core/result.ts';
import type { ScorerRevision, ScorerState } from '../core/scorer-state.ts';
import type { StoredTrace } from './archive.ts';
import type { Experiment } from './registry.ts';
import type { ScorerTrial } from './scorer-trial.ts';
import type { FilterChecker, TraceExplainer, TraceSearcher } from './trace-queries.ts';

/** What registers a scorer: its kind and that kind's own fields, as the HTTP body has them. */
export interface RegisterRequest {
  readonly name: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface SamplingChange {
  readonly sampleRate?: number;
  /** null clears the filter; absent keeps it (update) or leaves it out (start). */
  readonly filterString?: string | null;
  /** Whether traces of evaluation runs are scored too; false where absent (start), kept (update). */
  readonly includeEvaluationRuns?: boolean;
  readonly version?: number;
  /** Who asks: shown in the history. */
  readonly author: string;
}

/** The lifecycle of scorers. Every call checks its arguments and throws an AssayError that says what to do. */
export interface ScorerLifecycle {
  register(experimentId: string, request: RegisterRequest, author: string): Promise<ScorerState>;
  start(experimentId: string, name: string, change: SamplingChange): Promise<ScorerState>;
  update(experimentId: string, name: string, change: SamplingChange): Promise<ScorerState>;
  stop(experimentId: string, name: string, author: string): Promise<ScorerState>;
  delete(experimentId: string, name: string, author: string): Promise<ScorerState>;
  get(experimentId: string, name: string): Promise<ScorerState>;
  list(experimentId: string): Promise<readonly ScorerState[]>;
  revisions(experimentId: string, name: string): Promise<readonly ScorerRevision[]>;
}

export interface TraceWithFeedback {
  readonly trace: StoredTrace;
  readonly results: readonly PickResult[];
}

/** Reading what is stored. */
export interface TraceReader {
  /** The newest record of a trace and all feedback on it. Throws TRACE_NOT_FOUND. */
  get(experimentId: string, traceId: string): Promise<TraceWithFeedback>;
  experiments(): Promise<readonly Experiment[]>;
}

export interface DependencyHealth {
  readonly name: 'kafka' | 'postgres' | 'partitions' | 'scorers';
  readonly ready: boolean;
  /** Since when it is in this state, milliseconds since the epoch. */
  readonly sinceMs: number;
  /** What is wrong and what to do. Of `scorers` also when ready: the service works, but not all of it. */
  readonly detail: string | null;
}

export interface Health {
  readonly ready: boolean;
  readonly dependencies: readonly DependencyHealth[];
}

/** Everything the HTTP adapter drives. */
export interface Service {
  readonly scorers: ScorerLifecycle;
  readonly trials: ScorerTrial;
  readonly traces: TraceReader;
  readonly searcher: TraceSearcher;
  readonly filters: FilterChecker;
  readonly explainer: TraceExplainer;
  health(): Health;
}
