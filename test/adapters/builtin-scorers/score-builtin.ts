import { Feedback, isNotApplicable, type Trace } from '@assay/sdk';
import { createBuiltinRuntime } from '../../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import type { ScorerDefinition } from '../../../src/core/scorer-state.ts';
import { buildTrace, type TraceParts } from './build-trace.ts';

export interface Answer {
  readonly value?: unknown;
  readonly rationale?: string | null;
  readonly notApplicable?: string;
}

/** Registers a built-in, loads it as the service does, and asks it about one trace. */
export async function scoreBuiltin(
  builtin: string,
  config: Readonly<Record<string, unknown>>,
  trace: Trace | TraceParts,
): Promise<Answer> {
  const runtime = createBuiltinRuntime();
  const definition = await runtime.define({ builtin, config });
  // As it comes back from the registry.
  const stored = JSON.parse(JSON.stringify(definition)) as ScorerDefinition;
  const loaded = runtime.load(stored);
  if (loaded === undefined) throw new Error('The definition was not loaded.');
  const returned = await loaded.score({
    trace: 'data' in trace ? trace : buildTrace(trace),
    signal: new AbortController().signal,
  });
  if (isNotApplicable(returned)) return { notApplicable: returned.reason };
  if (!(returned instanceof Feedback)) throw new Error(`Neither: ${String(returned)}`);
  return { value: returned.value, rationale: returned.rationale };
}
