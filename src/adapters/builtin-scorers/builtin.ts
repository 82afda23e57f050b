import type { Json, ScorerReturn, Trace } from '@assay/sdk';
import type { z } from 'zod';

/** Judges one trace. Pure: the same trace gives the same answer on every instance. */
export type ScoreTrace = (trace: Trace) => ScorerReturn;

type Config = Readonly<Record<string, Json | undefined>>;

/** A strict zod object, with refinements or without. */
type ConfigSchema = z.ZodType<Config> & { readonly shape: object };

/** What a built-in is made of. */
export interface BuiltinSpec<Schema extends ConfigSchema> {
  /** As users write it in `builtin`. */
  readonly name: string;
  /** One line for listings. */
  readonly summary: string;
  /**
   * Raised whenever the code gives another answer for the same trace and configuration: the number is
   * part of a version's identity.
   */
  readonly revision: number;
  /** A strict object. Each field is described; each message says what was expected. */
  readonly configSchema: Schema;
  /** Does once per version what need not be done per trace. */
  prepare(config: z.output<Schema>): ScoreTrace;
}

export type ParsedConfig =
  | {
      readonly ok: true;
      /** With defaults filled in: what a definition keeps. */
      readonly config: Readonly<Record<string, Json>>;
      readonly score: ScoreTrace;
    }
  | { readonly ok: false; readonly issues: readonly z.core.$ZodIssue[] };

/** A built-in as the runtime sees it: the type of its configuration is its own affair. */
export interface Builtin {
  readonly name: string;
  readonly summary: string;
  readonly revision: number;
  readonly configSchema: z.ZodType;
  /** Names of the fields of its configuration. */
  readonly fields: readonly string[];
  parseConfig(config: unknown): ParsedConfig;
}

export function defineBuiltin<Schema extends ConfigSchema>(spec: BuiltinSpec<Schema>): Builtin {
  const { name, summary, revision, configSchema } = spec;
  return {
    name,
    summary,
    revision,
    configSchema,
    fields: Object.keys(configSchema.shape),
    parseConfig(config) {
      const parsed = configSchema.safeParse(config);
      if (!parsed.success) return { ok: false, issues: parsed.error.issues };
      return { ok: true, config: withoutAbsent(parsed.data), score: spec.prepare(parsed.data) };
    },
  };
}

/** A field that was not given is not written down as undefined: JSON has no such thing. */
function withoutAbsent(config: Config): Readonly<Record<string, Json>> {
  const kept: [string, Json][] = [];
  for (const [field, value] of Object.entries(config)) {
    if (value !== undefined) kept.push([field, value]);
  }
  return Object.fromEntries(kept);
}
