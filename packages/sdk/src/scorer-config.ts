import { deepFreeze } from './deep-freeze.ts';
import type { Json } from './json.ts';
import { ScorerDefinitionError } from './scorer-definition-error.ts';
import { isStandardSchema, type StandardIssue } from './standard-schema.ts';

const MAX_DEPTH = 64;

/**
 * A copy of a configuration, which has to be JSON: it becomes part of the scorer's registered definition.
 * Fields that are undefined are left out. Throws ScorerDefinitionError with the path of what is not JSON.
 */
export function copyConfig(value: unknown, path = 'config', depth = 0): Json {
  if (depth > MAX_DEPTH) refuse(path, 'is nested too deeply, or holds itself');
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => copyConfig(each, `${path}[${index}]`, depth + 1));
  }
  if (typeof value !== 'object' || !isPlainObject(value)) {
    refuse(path, `must be JSON, got ${typeof value === 'number' ? value : nameOfType(value)}`);
  }
  const entries: [string, Json][] = [];
  for (const [key, each] of Object.entries(value)) {
    if (each !== undefined) entries.push([key, copyConfig(each, `${path}.${key}`, depth + 1)]);
  }
  return Object.fromEntries(entries);
}

/**
 * What the schema makes of a copy of the configuration, with defaults filled in, deeply frozen; no
 * configuration is an empty one to it. Without a schema the copy itself. Throws ScorerDefinitionError with
 * every field that is wrong.
 */
export function parseConfig(schema: unknown, config: unknown): unknown {
  if (schema === undefined)
    return config === undefined ? undefined : deepFreeze(copyConfig(config));
  if (!isStandardSchema(schema)) {
    refuse('configSchema', 'must be a Standard Schema, for example one of zod');
  }
  const result = schema['~standard'].validate(copyConfig(config ?? {}));
  if (result instanceof Promise) {
    refuse('configSchema', 'must check a configuration at once, not in a promise');
  }
  if (result.issues === undefined) return deepFreeze(result.value);
  const problems = result.issues.map(describeIssue);
  throw new ScorerDefinitionError(
    problems[0]?.field ?? 'config',
    problems.map(({ field, message }) => `${field}: ${message}`).join('; '),
  );
}

function describeIssue({ path = [], message }: StandardIssue): { field: string; message: string } {
  const field = path.reduce<string>((parent, step) => {
    const key = typeof step === 'object' ? step.key : step;
    return typeof key === 'number' ? `${parent}[${key}]` : `${parent}.${String(key)}`;
  }, 'config');
  return { field, message };
}

function isPlainObject(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

function nameOfType(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  return value.constructor.name;
}

function refuse(field: string, problem: string): never {
  throw new ScorerDefinitionError(field, `${field} ${problem}`);
}
