import { Buffer } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { createBuiltinRuntime } from '../../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { createModuleRuntime } from '../../../src/adapters/module-scorers/create-module-runtime.ts';
import {
  findScorers,
  type FoundScorer,
} from '../../../src/adapters/module-scorers/find-scorers.ts';
import { AssayError } from '../../../src/core/errors.ts';
import { experimentOf } from '../../../src/core/experiment.ts';
import type { ScorerKind } from '../../../src/core/scorer-state.ts';
import { toArchiveRow } from '../../../src/core/to-archive-row.ts';
import { createFilterChecker } from '../../../src/engine/check-filter.ts';
import { createTraceExplainer } from '../../../src/engine/explain-trace.ts';
import { createScorerLifecycle } from '../../../src/engine/scorer-lifecycle.ts';
import { createTraceSearcher } from '../../../src/engine/search-traces.ts';
import { createTraceReader } from '../../../src/engine/trace-reader.ts';
import { createHttpServer } from '../../../src/http/create-http-server.ts';
import type { ScorerRuntime } from '../../../src/ports/scorer-runtime.ts';
import { configOf } from '../../../test/engine/fakes/configs.ts';
import { createFakeArchive } from '../../../test/engine/fakes/fake-archive.ts';
import { NO_QUERIES } from '../../../test/http/fake-service.ts';
import { FakeDatabase } from '../../../test/engine/fakes/fake-database.ts';
import { createFakeDeadLetterIndex } from '../../../test/engine/fakes/fake-dead-letter-index.ts';
import { createFakeLedger } from '../../../test/engine/fakes/fake-ledger.ts';
import { createFakeRegistry } from '../../../test/engine/fakes/fake-registry.ts';
import { createFakeTraceRecords } from '../../../test/engine/fakes/fake-trace-records.ts';
import { createFakeTraceSearch } from '../../../test/engine/fakes/fake-trace-search.ts';
import { PARTITION } from '../../../test/engine/fakes/processor-harness.ts';
import { RECORD_TIME_MS } from '../../../test/engine/fakes/records.ts';
import { arrivalOf } from '../../../test/engine/fakes/traces.ts';
import { FakeClock } from '../../../test/fake-clock.ts';
import { parseTrace } from '../src/index.ts';

const DEMO = new URL('../../../examples/traces/demo.jsonl', import.meta.url);

export interface ClientService {
  readonly url: string;
  /** Takes a trace out of the archive. */
  forget(traceId: string): void;
}

export interface ServiceContent {
  /** Records of traces, oldest first. */
  readonly traces?: readonly string[];
  /** What the files of ASSAY_SCORERS export. */
  readonly modules?: readonly unknown[];
}

/** The service's own API, lifecycle and search over stores in memory, on a free port; closed when the test ends. */
export async function startClientService(content: ServiceContent = {}): Promise<ClientService> {
  const database = new FakeDatabase();
  for (const [index, record] of (content.traces ?? []).entries()) store(database, record, index);
  const registry = createFakeRegistry(database);
  const ledger = createFakeLedger(database);
  const search = createFakeTraceSearch(database);
  const clock = new FakeClock();
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    service: {
      scorers: createScorerLifecycle(
        { registry, runtimes: runtimesOf(content.modules ?? []) },
        { maxScorersPerExperiment: 20 },
      ),
      trials: NO_QUERIES.trials,
      traces: createTraceReader({ archive: createFakeArchive(database), ledger, registry }),
      searcher: createTraceSearcher({ search, clock }),
      filters: createFilterChecker({ search, clock }),
      explainer: createTraceExplainer(
        {
          ledger,
          registry,
          records: createFakeTraceRecords(database),
          deadLetterIndex: createFakeDeadLetterIndex(database),
          config: () => configOf([]),
        },
        { samplingCohort: 'default' },
      ),
      health: () => ({ ready: true, dependencies: [] }),
    },
  });
  const { url } = await server.listen();
  onTestFinished(() => server.close());
  return {
    url,
    forget(traceId) {
      const found = [...database.traces].find(([, row]) => row.traceId === traceId);
      if (found !== undefined) database.traces.delete(found[0]);
    },
  };
}

/** The first recorded demo traces of an experiment. */
export function demoRecords(experimentId: string, count: number): readonly string[] {
  return readFileSync(DEMO, 'utf8')
    .trimEnd()
    .split('\n')
    .filter((record) => experimentOf(parseTrace(record)) === experimentId)
    .slice(0, count);
}

function store(database: FakeDatabase, record: string, offset: number): void {
  const arrival = arrivalOf({
    position: { ...PARTITION, offset },
    key: null,
    value: Buffer.from(record),
    headers: [],
    timestampMs: RECORD_TIME_MS,
  });
  database.traces.set(`${PARTITION.partition}/${offset}`, {
    ...toArchiveRow(arrival, 1),
    body: record,
  });
}

function runtimesOf(modules: readonly unknown[]): ReadonlyMap<ScorerKind, ScorerRuntime> {
  const module = createModuleRuntime(
    modules.map((each) => ({ ...toFound(each), file: 'scorers.ts', codeHash: 'ab'.repeat(32) })),
  );
  return new Map<ScorerKind, ScorerRuntime>([
    ['builtin', createBuiltinRuntime()],
    ['module', module],
    ['code', CODE],
  ]);
}

function toFound(exported: unknown): FoundScorer {
  const [found] = findScorers({ exported });
  if (found === undefined) throw new Error('not a scorer');
  return found;
}

/** Takes any source and runs none. */
const CODE: ScorerRuntime = {
  kind: 'code',
  async define({ source, timeout_ms }) {
    if (typeof source === 'string') {
      return { kind: 'code', source, ...(typeof timeout_ms === 'number' && { timeout_ms }) };
    }
    throw new AssayError('SCORER_DEFINITION_INVALID', 'source: expected a text');
  },
  redefine: (definition) => definition,
  load: () => ({ score: () => Promise.reject(new Error('this service runs nothing')) }),
};
