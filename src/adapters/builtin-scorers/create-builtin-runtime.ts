import { didYouMean } from '../../core/did-you-mean.ts';
import { AssayError } from '../../core/errors.ts';
import type { ScorerDefinition } from '../../core/scorer-state.ts';
import type { ScorerRuntime } from '../../ports/scorer-runtime.ts';
import type { Builtin, ParsedConfig } from './builtin.ts';
import { BUILTINS } from './catalogue.ts';
import { describeIssues } from './describe-issues.ts';
import { quote } from './quote.ts';

/**
 * Runs the built-in scorers. A request is `{ builtin, config? }`; its definition is
 * `{ kind: 'builtin', builtin, revision, config }` with defaults filled in, so that neither a new default
 * nor a change of the code alters what a version says.
 */
export function createBuiltinRuntime(): ScorerRuntime {
  const byName = new Map(BUILTINS.map((builtin) => [builtin.name, builtin]));

  /** The built-in of a definition with its configuration; undefined when this code has no such thing. */
  function find(
    definition: ScorerDefinition,
  ): { readonly builtin: Builtin; readonly parsed: ParsedConfig } | undefined {
    const { kind, builtin: name, config } = definition;
    const builtin = kind === 'builtin' && typeof name === 'string' ? byName.get(name) : undefined;
    return builtin && { builtin, parsed: builtin.parseConfig(config) };
  }

  return {
    kind: 'builtin',

    async define(request) {
      return defineScorer(request, byName);
    },

    redefine(definition) {
      const found = find(definition);
      if (found?.parsed.ok !== true) return undefined;
      const { builtin, parsed } = found;
      // A field added since has its default filled in only when the code has changed as well.
      return definition.revision === builtin.revision
        ? definition
        : toDefinition(builtin, parsed.config);
    },

    load(definition) {
      const found = find(definition);
      if (found?.parsed.ok !== true) return undefined;
      if (definition.revision !== found.builtin.revision) return undefined;
      const { score } = found.parsed;
      return { score: async ({ trace }) => score(trace) };
    },
  };
}

const FIELDS = ['builtin', 'config'];

function defineScorer(
  request: Readonly<Record<string, unknown>>,
  byName: ReadonlyMap<string, Builtin>,
): ScorerDefinition {
  const builtin = findBuiltin(request.builtin, byName);
  const { name } = builtin;
  const stray = Object.keys(request).filter((field) => !FIELDS.includes(field));
  if (stray.length > 0) {
    throw refusal(
      `a builtin scorer has no field ${stray.map((field) => `'${field}'`).join(', ')}; there are: name, kind, builtin, config`,
      { builtin: name, fields: stray },
    );
  }
  const config = request.config ?? {};
  const parsed = builtin.parseConfig(config);
  if (parsed.ok) return toDefinition(builtin, parsed.config);
  const problems = describeIssues(parsed.issues, { given: config, fields: builtin.fields });
  throw refusal(`builtin '${name}': ${problems.join('; ')}`, { builtin: name, problems });
}

function findBuiltin(name: unknown, byName: ReadonlyMap<string, Builtin>): Builtin {
  const known = [...byName.keys()];
  const all = `there are: ${known.join(', ')}`;
  if (typeof name !== 'string') {
    const got = name === undefined ? '' : `, got ${quote(name)}`;
    throw refusal(`builtin: expected the name of a built-in scorer${got}; ${all}`, { known });
  }
  const builtin = byName.get(name);
  if (builtin !== undefined) return builtin;
  throw refusal(`builtin '${name}' is not known${didYouMean(name, known)}; ${all}`, {
    builtin: name,
    known,
  });
}

function toDefinition(
  { name, revision }: Builtin,
  config: Extract<ParsedConfig, { ok: true }>['config'],
): ScorerDefinition {
  return { kind: 'builtin', builtin: name, revision, config };
}

function refusal(message: string, context: Readonly<Record<string, unknown>>): AssayError {
  return new AssayError('SCORER_DEFINITION_INVALID', message, { context });
}
