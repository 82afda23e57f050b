import type { JsonObject } from '@assay/sdk';
import { unexpected } from './malformed.ts';

/**
 * Readers of one field of an object. `path` is where the object stands in the record. An optional
 * field that is null counts as absent. All throw Malformed.
 */

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The path of a field; the record as a whole has the path ''. */
export function pathTo(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

export function object(from: JsonObject, key: string, path: string): JsonObject {
  const value = from[key];
  if (!isObject(value)) throw unexpected(pathTo(path, key), 'an object', value);
  return value;
}

export function optionalObject(from: JsonObject, key: string, path: string): JsonObject | null {
  return isAbsent(from[key]) ? null : object(from, key, path);
}

export function list(from: JsonObject, key: string, path: string): readonly unknown[] {
  const value = from[key];
  if (!Array.isArray(value)) throw unexpected(pathTo(path, key), 'an array', value);
  return value;
}

/** An absent list is an empty one: protobuf JSON leaves empty lists out. */
export function optionalList(from: JsonObject, key: string, path: string): readonly unknown[] {
  return isAbsent(from[key]) ? [] : list(from, key, path);
}

export function string(from: JsonObject, key: string, path: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw unexpected(pathTo(path, key), 'a string', value);
  return value;
}

export function nonEmptyString(from: JsonObject, key: string, path: string): string {
  const value = from[key];
  if (typeof value === 'string' && value !== '') return value;
  throw unexpected(pathTo(path, key), 'a string that is not empty', value);
}

export function optionalString(from: JsonObject, key: string, path: string): string | null {
  return isAbsent(from[key]) ? null : string(from, key, path);
}

/**
 * A map of strings without a prototype, so that any key is safe to read; absent is empty. The parsed
 * object itself loses its prototype: a copy takes a tenth of the time of decoding.
 */
export function stringMap(
  from: JsonObject,
  key: string,
  path: string,
): Readonly<Record<string, string>> {
  const map = optionalObject(from, key, path) ?? {};
  const wrong = Object.values(map).find((value) => typeof value !== 'string');
  if (wrong !== undefined) {
    // The key is content of the record, so it is not part of the path.
    throw unexpected(pathTo(path, key), 'an object with string values only', wrong);
  }
  // All values are strings now, which the type system cannot follow.
  return Object.setPrototypeOf(map, null) as Readonly<Record<string, string>>;
}
