import { type Aggregation, AGGREGATIONS, isAggregation } from './aggregation.ts';
import { ScorerDefinitionError } from './scorer-definition-error.ts';

const MAX_NAME_LENGTH = 250;
/** The longest time that a JavaScript timer can wait for. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** What every scorer may say about itself. */
export interface ScorerOptions {
  /** 1 to 250 characters, without control characters or white space at either end. */
  readonly name: string;
  /** For people, in listings. */
  readonly description?: string | undefined;
  /** How values over many traces are summed up; `['mean']` when left out. */
  readonly aggregations?: readonly Aggregation[] | undefined;
  /** Longest time for one call; the service's default when left out. */
  readonly timeoutMs?: number | undefined;
  /** Calls at once on one instance; the service's default when left out. */
  readonly concurrency?: number | undefined;
}

export interface ScorerSettings {
  readonly name: string;
  readonly description: string | undefined;
  readonly aggregations: readonly Aggregation[];
  readonly timeoutMs: number | undefined;
  readonly concurrency: number | undefined;
}

/** Checks what was given and fills in the defaults. Throws ScorerDefinitionError. */
export function toScorerSettings(options: ScorerOptions): ScorerSettings {
  const { name, description, aggregations, timeoutMs, concurrency } = options;
  checkName(name);
  if (description !== undefined && typeof description !== 'string') {
    refuse('description', `must be a text, got ${typeof description}`);
  }
  checkPositiveInteger('timeoutMs', timeoutMs, MAX_TIMEOUT_MS);
  checkPositiveInteger('concurrency', concurrency, Number.MAX_SAFE_INTEGER);
  return Object.freeze({
    name,
    description,
    aggregations: toAggregations(aggregations),
    timeoutMs,
    concurrency,
  });
}

function checkName(name: unknown): asserts name is string {
  if (typeof name !== 'string') refuse('name', `must be a text, got ${typeof name}`);
  if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
    refuse('name', `must have 1 to ${MAX_NAME_LENGTH} characters, got ${name.length}`);
  }
  if (name.trim() !== name) refuse('name', 'must not begin or end with white space');
  if (/\p{Cc}/u.test(name)) refuse('name', 'must not contain control characters');
  if (/\p{Cs}/u.test(name)) refuse('name', 'must be well-formed Unicode');
}

function toAggregations(given: unknown): readonly Aggregation[] {
  if (given === undefined) return Object.freeze<Aggregation[]>(['mean']);
  const known = AGGREGATIONS.join(', ');
  if (!Array.isArray(given)) refuse('aggregations', `must be a list of: ${known}`);
  const aggregations = given.map((each: unknown) => {
    if (!isAggregation(each)) refuse('aggregations', `must be of ${known}; got ${String(each)}`);
    return each;
  });
  if (new Set(aggregations).size < aggregations.length) {
    refuse('aggregations', 'must name each aggregation once');
  }
  return Object.freeze(aggregations);
}

function checkPositiveInteger(field: string, value: unknown, max: number): void {
  if (value === undefined) return;
  const expected = `must be a whole number from 1 to ${max}`;
  if (typeof value !== 'number') refuse(field, `${expected}, got ${typeof value}`);
  if (!Number.isInteger(value) || value < 1 || value > max) {
    refuse(field, `${expected}, got ${value}`);
  }
}

function refuse(field: string, problem: string): never {
  throw new ScorerDefinitionError(field, `${field} of a scorer ${problem}`);
}
