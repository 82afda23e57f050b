import type { ScorerRevision, ScorerState } from '../../src/core/scorer-state.ts';
import type {
  FilterChecker,
  TraceExplainer,
  TraceSearcher,
} from '../../src/ports/trace-queries.ts';
import type {
  Health,
  ScorerLifecycle,
  Service,
  TraceReader,
  TraceWithFeedback,
} from '../../src/ports/service.ts';

/** 2026-11-21T20:14:00Z */
export const NOW_MS = Date.UTC(2026, 10, 21, 20, 14);

export const SCORER: ScorerState = {
  experimentId: '0',
  name: 'mentions_refund',
  kind: 'builtin',
  status: 'active',
  version: 2,
  versions: [1, 2].map((version) => ({
    version,
    definition: { kind: 'builtin', builtin: 'contains', config: { text: `refund ${version}` } },
    contentHash: String(version).repeat(64),
    createdAtMs: NOW_MS + version,
    createdBy: 'ann',
  })),
  lastVersion: 4,
  sampleRate: 0.5,
  filterString: "attributes.status = 'OK'",
  includeEvaluationRuns: false,
  revision: 7,
  updatedAtMs: NOW_MS,
  updatedBy: 'bob',
};

export const REVISION: ScorerRevision = {
  revision: 7,
  operation: 'start',
  status: 'active',
  version: 2,
  sampleRate: 0.5,
  filterString: null,
  includeEvaluationRuns: true,
  changedAtMs: NOW_MS,
  changedBy: 'bob',
};

export const READY: Health = {
  ready: true,
  dependencies: [{ name: 'postgres', ready: true, sinceMs: NOW_MS, detail: null }],
};

/** Queries of a test that asks none. */
export const NO_QUERIES: Pick<Service, 'searcher' | 'filters' | 'explainer' | 'trials'> = {
  trials: { test: () => Promise.reject(new Error('this test tries no scorer')) },
  searcher: { search: () => Promise.reject(new Error('this test has no searcher')) },
  filters: { check: () => Promise.reject(new Error('this test has no checker')) },
  explainer: { explain: () => Promise.reject(new Error('this test has no explainer')) },
};

/** A service that writes down how its scorers are called, and answers with the same scorer each time. */
export interface FakeService extends Service {
  /** Name of the operation, then its arguments. */
  readonly calls: readonly (readonly unknown[])[];
}

export function createFakeService(
  replaced: {
    readonly scorers?: Partial<ScorerLifecycle>;
    readonly traces?: Partial<TraceReader>;
    readonly searcher?: TraceSearcher;
    readonly filters?: FilterChecker;
    readonly explainer?: TraceExplainer;
    readonly health?: () => Health;
  } = {},
): FakeService {
  const calls: (readonly unknown[])[] = [];
  const answer =
    <Args extends readonly unknown[], Answer>(name: string, value: Answer) =>
    (...args: Args): Promise<Answer> => {
      calls.push([name, ...args]);
      return Promise.resolve(value);
    };
  return {
    calls,
    scorers: {
      register: answer('register', SCORER),
      start: answer('start', SCORER),
      update: answer('update', SCORER),
      stop: answer('stop', SCORER),
      delete: answer('delete', SCORER),
      get: answer('get', SCORER),
      list: answer('list', [SCORER]),
      revisions: answer('revisions', [REVISION]),
      ...replaced.scorers,
    },
    traces: {
      get: answer<[string, string], TraceWithFeedback>('trace', {
        trace: { row: archiveRow('{"info":{"trace_id":"tr-1"},"data":{}}'), archivedAtMs: NOW_MS },
        results: [],
      }),
      experiments: answer('experiments', [
        { experimentId: '0', archived: null, createdAtMs: NOW_MS },
        { experimentId: 'main.genai', archived: false, createdAtMs: NOW_MS },
      ]),
      ...replaced.traces,
    },
    ...NO_QUERIES,
    ...(replaced.searcher && { searcher: replaced.searcher }),
    ...(replaced.filters && { filters: replaced.filters }),
    ...(replaced.explainer && { explainer: replaced.explainer }),
    health: replaced.health ?? (() => READY),
  };
}

/** A row of the archive with this body. */
export function archiveRow(body: string): TraceWithFeedback['trace']['row'] {
  return {
    position: { topic: 'traces', partition: 0, offset: 1 },
    recordTimestampMs: BigInt(NOW_MS),
    traceId: 'tr-1',
    canonicalTraceId: 'tr-1',
    experimentId: '0',
    name: null,
    state: 'OK',
    requestTimeMs: NOW_MS,
    executionDurationMs: 1,
    sessionId: null,
    userId: null,
    tags: {},
    metadata: {},
    samplePosition: 0.5,
    configRevision: 1,
    body,
  };
}
