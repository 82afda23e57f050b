import { type AnyScorer, type Json, scorerArguments } from '@assay/sdk';
import { didYouMean } from '../../core/did-you-mean.ts';
import { AssayError } from '../../core/errors.ts';
import type { ScorerDefinition } from '../../core/scorer-state.ts';
import type { LoadedScorer, ScorerRuntime } from '../../ports/scorer-runtime.ts';
import type { ModuleScorer } from './module-scorer.ts';

/**
 * Runs scorers that this process has imported. A request is `{ module_scorer, config? }`; its definition
 * is `{ kind: 'module', module_scorer, config, code_hash }`, with config null where none was given.
 */
export function createModuleRuntime(scorers: readonly ModuleScorer[]): ScorerRuntime {
  const byName = new Map(scorers.map((scorer) => [scorer.name, scorer]));

  function find({ kind, module_scorer: name }: ScorerDefinition): ModuleScorer | undefined {
    return kind === 'module' && typeof name === 'string' ? byName.get(name) : undefined;
  }

  return {
    kind: 'module',

    async define(request) {
      return defineScorer(request, scorers);
    },

    redefine(definition) {
      const loaded = find(definition);
      if (loaded === undefined) return undefined;
      // Code that refuses the configuration by now is not made a version of.
      if (!isUsable(loaded, definition.config ?? null)) return undefined;
      return { ...definition, code_hash: loaded.codeHash };
    },

    load(definition) {
      const loaded = find(definition);
      if (loaded === undefined || loaded.codeHash !== definition.code_hash) return undefined;
      return toLoadedScorer(() => instanceOf(loaded, definition.config ?? null));
    },
  };
}

const FIELDS = ['module_scorer', 'config'];

function defineScorer(
  request: Readonly<Record<string, unknown>>,
  scorers: readonly ModuleScorer[],
): ScorerDefinition {
  const scorer = findScorer(request.module_scorer, scorers);
  const { name, codeHash } = scorer;
  const stray = Object.keys(request).filter((field) => !FIELDS.includes(field));
  if (stray.length > 0) {
    throw refusal(
      `a module scorer has no field ${stray.map((field) => `'${field}'`).join(', ')}; there are: name, kind, module_scorer, config`,
      { module_scorer: name, fields: stray },
    );
  }
  const config = checkedConfig(scorer, request.config ?? null);
  return { kind: 'module', module_scorer: name, config, code_hash: codeHash };
}

function findScorer(name: unknown, scorers: readonly ModuleScorer[]): ModuleScorer {
  const known = scorers.map((scorer) => scorer.name).toSorted();
  const there =
    known.length === 0
      ? 'this service has loaded none'
      : `this service has loaded: ${known.join(', ')}`;
  if (typeof name !== 'string') {
    throw refusal(`module_scorer: expected the name of a module scorer; ${there}`, { known });
  }
  const found = scorers.find((scorer) => scorer.name === name) ?? findClass(name, scorers);
  if (found !== undefined) return found;
  throw new AssayError(
    'SCORER_NOT_LOADED',
    `module scorer '${name}' is not loaded${didYouMean(name, known)}; ${there}. Deploy it in a file named by ASSAY_SCORERS and restart the service`,
    { context: { module_scorer: name, known } },
  );
}

/** A class may also be named as the code names it. */
function findClass(name: string, scorers: readonly ModuleScorer[]): ModuleScorer | undefined {
  return scorers.find((scorer) => scorer.kind === 'class' && scorer.scorerClass.name === name);
}

/** The configuration as it was given; null for none. A class judges it by making an instance. */
function checkedConfig(scorer: ModuleScorer, config: unknown): Json {
  const { name, kind } = scorer;
  const given = typeof config === 'object' && !Array.isArray(config);
  if (!given) {
    throw refusal(`module scorer '${name}': config: expected an object of settings`, {
      module_scorer: name,
    });
  }
  const isEmpty = config === null || Object.keys(config).length === 0;
  if (kind === 'ready') {
    if (isEmpty) return null;
    throw refusal(
      `module scorer '${name}' takes no config: it is a scorer made ready in ${scorer.file}; a class that extends Scorer takes one`,
      { module_scorer: name },
    );
  }
  // It came out of JSON, and the class below refuses what is not.
  const json = structuredClone(config) as Json;
  try {
    instanceOf(scorer, json);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw refusal(`module scorer '${name}': ${problem}`, { module_scorer: name, problem });
  }
  return json;
}

/** A class makes a fresh instance each time: registrations do not share state. */
function instanceOf(loaded: ModuleScorer, config: Json): AnyScorer {
  if (loaded.kind === 'ready') return loaded.scorer;
  const { scorerClass: Class } = loaded;
  if (config !== null) return new Class({ config });
  // A schema all of whose fields have defaults takes no settings as well as none.
  return 'configSchema' in Class ? new Class({ config: {} }) : new Class();
}

function isUsable(loaded: ModuleScorer, config: Json): boolean {
  try {
    instanceOf(loaded, config);
    return loaded.kind === 'class' || config === null;
  } catch {
    return false;
  }
}

/**
 * A class that made an instance at registration and does not now (a file of its own is missing, say)
 * fails trace by trace, with its reason in each feedback.
 */
function toLoadedScorer(makeInstance: () => AnyScorer): LoadedScorer {
  let scorer: AnyScorer;
  try {
    scorer = makeInstance();
  } catch (error) {
    return {
      score: async () => {
        throw error;
      },
    };
  }
  const { timeoutMs, concurrency } = scorer;
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(concurrency !== undefined && { concurrency }),
    score: async ({ trace, signal }) => scorer.score(scorerArguments(trace, signal)),
  };
}

function refusal(message: string, context: Readonly<Record<string, unknown>>): AssayError {
  return new AssayError('SCORER_DEFINITION_INVALID', message, { context });
}
