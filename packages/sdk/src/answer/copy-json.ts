import type { Json } from '../json.ts';
import { describeType } from './describe-type.ts';
import { ReturnRefused } from './return-refused.ts';
import { sanitizeText } from './sanitize-text.ts';
import type { SizeBudget } from './size-budget.ts';

/** Postgres and JSON.stringify go deeper, people do not. */
const MAX_DEPTH = 64;

/**
 * A plain JSON copy of a value of unknown origin: each property is read once, texts are made storable,
 * -0 becomes 0, fields that are undefined are left out. Throws ReturnRefused with the path of what is not
 * JSON, and whatever a getter of the value throws.
 */
export function copyJson(value: unknown, path: string, budget: SizeBudget): Json {
  return copy(value, { parent: null, step: path, depth: 0 }, budget);
}

/** Where a value stands. Written out only to complain. */
interface Place {
  readonly parent: Place | null;
  /** Index in a list, key of an object. */
  readonly step: number | string;
  readonly depth: number;
}

function copy(value: unknown, place: Place, budget: SizeBudget): Json {
  budget.spend(1);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') return copyText(value, budget);
  if (typeof value === 'number' && Number.isFinite(value)) return value + 0;
  if (typeof value !== 'object') throw notJson(place, value);
  if (place.depth >= MAX_DEPTH) {
    throw refused(`${pathOf(place)} is nested deeper than ${MAX_DEPTH} levels`);
  }
  return Array.isArray(value) ? copyList(value, place, budget) : copyFields(value, place, budget);
}

/** A text as it can be stored. Throws ReturnRefused when the budget does not allow it. */
export function copyText(text: string, budget: SizeBudget): string {
  budget.spend(text.length);
  return sanitizeText(text);
}

function copyList(list: readonly unknown[], parent: Place, budget: SizeBudget): readonly Json[] {
  const copied: Json[] = [];
  const { length } = list;
  const depth = parent.depth + 1;
  for (let index = 0; index < length; index += 1) {
    copied.push(copy(list[index], { parent, step: index, depth }, budget));
  }
  return copied;
}

function copyFields(object: object, parent: Place, budget: SizeBudget): Json {
  if (!isPlain(object)) throw notJson(parent, object);
  const copied: [string, Json][] = [];
  const depth = parent.depth + 1;
  for (const key of Object.keys(object)) {
    const field: unknown = Reflect.get(object, key);
    if (field === undefined) continue;
    copied.push([copyText(key, budget), copy(field, { parent, step: key, depth }, budget)]);
  }
  return Object.fromEntries(copied);
}

/** Made by a literal, by JSON.parse or without a prototype, in this realm or another; no class instance. */
function isPlain(object: object): boolean {
  const prototype = Reflect.getPrototypeOf(object);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null;
}

function notJson(place: Place, value: unknown): ReturnRefused {
  return refused(`${pathOf(place)} must be JSON, got ${describeType(value)}`);
}

function pathOf({ parent, step }: Place): string {
  if (parent === null) return String(step);
  return pathOf(parent) + (typeof step === 'number' ? `[${step}]` : `.${step}`);
}

function refused(message: string): ReturnRefused {
  return new ReturnRefused('SCORER_RETURN_INVALID', message);
}
