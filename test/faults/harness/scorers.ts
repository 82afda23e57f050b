import { fileURLToPath } from 'node:url';
import { createBuiltinRuntime } from '../../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { loadModuleRuntime } from '../../../src/adapters/module-scorers/load-module-runtime.ts';
import type { Database } from '../../../src/adapters/postgres/database.ts';
import { createPostgresRegistry } from '../../../src/adapters/postgres/registry.ts';
import { createScorerLifecycle } from '../../../src/engine/scorer-lifecycle.ts';
import type { HandedOut } from './check-world.ts';

export const SCORERS_FILE = fileURLToPath(
  new URL('../../live/scorers/logged-scorers.ts', import.meta.url),
);

/** A scorer of `logged-scorers.ts`, or of another kind by its definition, and what it has to see. */
export interface WorldScorer {
  readonly name: string;
  readonly rate: number;
  readonly filter?: {
    readonly text: string;
    /** The same, computed by the test. */
    readonly matches: (record: HandedOut) => boolean;
  };
  /** As for the API, without the name; the module scorer of that name where absent. */
  readonly definition?: {
    readonly kind: 'builtin' | 'module';
    readonly [field: string]: unknown;
  };
}

/** Registers and starts scorers before any service runs, so that the first record finds them. */
export async function startScorers(
  database: Database,
  scorers: readonly WorldScorer[],
): Promise<void> {
  const runtimes = [createBuiltinRuntime(), await loadModuleRuntime({ files: [SCORERS_FILE] })];
  const lifecycle = createScorerLifecycle(
    {
      registry: createPostgresRegistry(database),
      runtimes: new Map(runtimes.map((runtime) => [runtime.kind, runtime])),
    },
    { maxScorersPerExperiment: 100 },
  );
  for (const { name, rate, filter, definition } of scorers) {
    const request = definition ?? { kind: 'module' as const, module_scorer: name };
    await lifecycle.register('0', { name, ...request }, 'test');
    await lifecycle.start('0', name, {
      sampleRate: rate,
      filterString: filter?.text ?? null,
      author: 'test',
    });
  }
}
