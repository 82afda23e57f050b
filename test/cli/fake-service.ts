import { onTestFinished } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import type { ScorerDefinition, ScorerState } from '../../src/core/scorer-state.ts';
import { createHttpServer } from '../../src/http/create-http-server.ts';
import type { Service } from '../../src/ports/service.ts';
import { NO_QUERIES } from '../http/fake-service.ts';

const CHANGED_AT_MS = Date.UTC(2026, 10, 21, 20, 14);

export interface Call {
  readonly operation: string;
  readonly arguments: readonly unknown[];
}

export interface FakeService {
  readonly url: string;
  /** What the service was asked to change, in order. */
  readonly calls: readonly Call[];
}

export function scorerState(overrides: Partial<ScorerState> = {}): ScorerState {
  return {
    experimentId: '0',
    name: 'safety',
    kind: 'builtin',
    status: 'active',
    version: 1,
    versions: [
      {
        version: 1,
        definition: { kind: 'builtin', builtin: 'contains', config: { text: 'refund' } },
        contentHash: 'ab'.repeat(32),
        createdAtMs: CHANGED_AT_MS,
        createdBy: 'ada@desk',
      },
    ],
    lastVersion: 1,
    sampleRate: 0.5,
    filterString: "attributes.status = 'OK'",
    includeEvaluationRuns: false,
    revision: 7,
    updatedAtMs: CHANGED_AT_MS,
    updatedBy: 'ada@desk',
    ...overrides,
  };
}

export interface FakeContent {
  readonly scorers?: readonly ScorerState[];
  /** Bodies of traces by id. */
  readonly traces?: Readonly<Record<string, string>>;
}

/** The real HTTP API on a free port, with answers that are fixed; closed when the test ends. */
export async function startFakeService(content: FakeContent = {}): Promise<FakeService> {
  const calls: Call[] = [];
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    service: createService(content, (call) => calls.push(call)),
  });
  const { url } = await server.listen();
  onTestFinished(() => server.close());
  return { url, calls };
}

function createService(
  { scorers = [scorerState()], traces = {} }: FakeContent,
  onCall: (call: Call) => void,
): Service {
  const find = async (experimentId: string, name: string): Promise<ScorerState> => {
    const found = scorers.find((s) => s.name === name && s.experimentId === experimentId);
    if (found !== undefined) return found;
    const message = `scorer '${name}' is not registered in experiment '${experimentId}'`;
    throw new AssayError('SCORER_NOT_FOUND', message, { context: { experimentId, name } });
  };
  const change =
    (operation: string, overrides: Partial<ScorerState> = {}) =>
    async (experimentId: string, name: string, ...rest: readonly unknown[]) => {
      onCall({ operation, arguments: [experimentId, name, ...rest] });
      return { ...(await find(experimentId, name)), ...overrides };
    };
  return {
    scorers: {
      register: async (experimentId, request, author) => {
        onCall({ operation: 'register', arguments: [experimentId, request, author] });
        const sampling = { sampleRate: null, filterString: null };
        const registered = {
          experimentId,
          name: request.name,
          status: 'registered',
          ...sampling,
        } as const;
        const before = scorers.find(({ name }) => name === request.name);
        if (request.kind !== 'code' || before === undefined) return scorerState(registered);
        const { name: _name, ...definition } = request as ScorerDefinition & {
          readonly name: string;
        };
        return scorerState({ ...registered, ...nextVersion(before, definition) });
      },
      start: change('start'),
      update: change('update'),
      stop: change('stop', { status: 'stopped', sampleRate: 0 }),
      delete: change('delete', { status: 'deleted', versions: [] }),
      get: find,
      list: async (experimentId) => scorers.filter((s) => s.experimentId === experimentId),
      revisions: async () => [],
    },
    traces: {
      get: async (experimentId, traceId) => {
        const body = traces[traceId];
        if (body === undefined) {
          throw new AssayError('TRACE_NOT_FOUND', `trace '${traceId}' is not in the archive`);
        }
        return {
          trace: { row: archiveRow(experimentId, traceId, body), archivedAtMs: 0 },
          results: [],
        };
      },
      experiments: async () => [],
    },
    ...NO_QUERIES,
    health: () => ({ ready: true, dependencies: [] }),
  };
}

/** The scorer with one version more, in force. */
export function nextVersion(
  { versions, lastVersion }: ScorerState,
  definition: ScorerDefinition,
): Pick<ScorerState, 'kind' | 'version' | 'versions' | 'lastVersion'> {
  const version = lastVersion + 1;
  const hash = { contentHash: String(version).repeat(64), createdAtMs: CHANGED_AT_MS };
  const added = { version, definition, ...hash, createdBy: 'ada@desk' };
  return { kind: definition.kind, version, versions: [...versions, added], lastVersion: version };
}

function archiveRow(experimentId: string, traceId: string, body: string) {
  return {
    position: { topic: 'traces', partition: 0, offset: 0 },
    recordTimestampMs: 0n,
    traceId,
    canonicalTraceId: traceId,
    experimentId,
    name: null,
    state: 'OK',
    requestTimeMs: 0,
    executionDurationMs: null,
    sessionId: null,
    userId: null,
    tags: {},
    metadata: {},
    samplePosition: 0,
    configRevision: 1,
    body,
  } as const;
}
