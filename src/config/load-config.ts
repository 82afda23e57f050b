import { AssayError } from '../core/errors.ts';
import { parseConfigFile } from './config-file.ts';
import { type Config, configSchema, SETTING_KEYS, type SettingKey } from './config-schema.ts';
import { crossChecks } from './cross-checks.ts';
import { describeMistake, type Mistake } from './mistake.ts';
import type { Origin } from './origin.ts';
import { flagOf, pathOf, variableOf } from './setting-names.ts';
import { warnOfPaths, warnOfVariables } from './unknown-settings.ts';

export interface ConfigSources {
  /** Values of flags, by key; undefined where the flag was not given. */
  readonly argvOverrides: Readonly<Partial<Record<SettingKey, string | undefined>>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Text of a file, undefined when there is no such file. */
  readonly readFile: (path: string) => string | undefined;
  /** A file that was asked for and so must exist; without it assay.yaml is read if it is there. */
  readonly configFile?: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly origins: Readonly<Record<SettingKey, Origin>>;
  /** Things that work but are hardly meant: misspelt names above all. */
  readonly warnings: readonly string[];
}

interface Given {
  readonly value: unknown;
  readonly origin: Origin;
}

const DEFAULT_FILE = 'assay.yaml';

/**
 * Finds the effective configuration: flags before environment before file before defaults. An empty
 * variable counts as not set. Throws one CONFIG_INVALID that names every mistake.
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const file = sources.configFile ?? DEFAULT_FILE;
  const fileValues = readConfigFile(sources, file);
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const mistakes: Mistake[] = [];
  for (const key of SETTING_KEYS) {
    const { value, origin } = given(key, sources, { file, fileValues });
    origins[key] = origin;
    const parsed = configSchema.shape[key].safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else {
      const message = parsed.error.issues[0]?.message ?? 'not usable';
      mistakes.push({ key, origin, expected: message, value });
    }
  }
  mistakes.push(...crossChecks(values, (key) => origins[key] ?? defaultOrigin()));
  if (mistakes.length > 0) throw toError(mistakes);
  return {
    config: Object.freeze(values) as Config,
    origins: origins as Record<SettingKey, Origin>,
    warnings: [
      ...warnOfVariables(Object.keys(sources.env)),
      ...warnOfPaths(file, [...fileValues.keys()]),
    ],
  };
}

function readConfigFile(sources: ConfigSources, file: string): ReadonlyMap<string, unknown> {
  const text = sources.readFile(file);
  if (text !== undefined) return parseConfigFile(file, text);
  if (sources.configFile === undefined) return new Map();
  throw new AssayError('CONFIG_INVALID', `There is no file ${file}; --config names one to read.`);
}

function given(
  key: SettingKey,
  sources: ConfigSources,
  {
    file,
    fileValues,
  }: { readonly file: string; readonly fileValues: ReadonlyMap<string, unknown> },
): Given {
  const flag = sources.argvOverrides[key];
  if (flag !== undefined) return { value: flag, origin: { kind: 'flag', name: flagOf(key) } };
  const variable = variableOf(key);
  const fromEnvironment = sources.env[variable];
  if (fromEnvironment !== undefined && fromEnvironment.trim() !== '') {
    return { value: fromEnvironment, origin: { kind: 'environment', name: variable } };
  }
  const fromFile = fileValues.get(pathOf(key));
  if (fromFile !== undefined && fromFile !== null) {
    return { value: fromFile, origin: { kind: 'file', name: file } };
  }
  return { value: undefined, origin: defaultOrigin() };
}

function defaultOrigin(): Origin {
  return { kind: 'default', name: 'default' };
}

function toError(mistakes: readonly Mistake[]): AssayError {
  const lines = mistakes.map(describeMistake);
  const heading =
    lines.length === 1
      ? 'The configuration has a mistake:'
      : `The configuration has ${lines.length} mistakes:`;
  return new AssayError(
    'CONFIG_INVALID',
    [heading, ...lines.map((line) => `  ${line}`)].join('\n'),
    {
      context: {
        mistakes: mistakes.map(({ key, origin, expected }) => ({
          path: pathOf(key),
          variable: variableOf(key),
          origin: origin.name,
          expected,
        })),
      },
    },
  );
}
