import type { JsonObject } from '@assay/sdk';
import {
  isAbsent,
  isObject,
  object,
  optionalList,
  optionalString,
  pathTo,
  string,
} from './fields.ts';
import { unexpected } from './malformed.ts';

const DECIMAL = /^-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/**
 * OpenTelemetry's key-value lists in protobuf JSON, in both spellings: `[{ key, value: { string_value } }]`.
 * Source: opentelemetry-proto, common.proto, and the JSON mapping of protobuf.
 */
export function keyValues(from: JsonObject, key: string, path: string): JsonObject {
  const at = pathTo(path, key);
  const entries = optionalList(from, key, path).map((entry, index): [string, unknown] => {
    const entryPath = `${at}[${index}]`;
    if (!isObject(entry)) throw unexpected(entryPath, 'an object', entry);
    const name = optionalString(entry, 'key', entryPath) ?? '';
    return [name, anyValue(entry['value'], pathTo(entryPath, 'value'))];
  });
  // Object.fromEntries makes a field of any key, `__proto__` too.
  return Object.fromEntries(entries);
}

/** An AnyValue is an object whose one field names the type; an empty one is null. */
function anyValue(value: unknown, path: string): unknown {
  if (isAbsent(value)) return null;
  if (!isObject(value)) throw unexpected(path, 'an object', value);
  const type = Object.keys(value)[0];
  if (type === undefined || isAbsent(value[type])) return null;
  switch (type) {
    case 'string_value':
    case 'stringValue':
    case 'bytes_value':
    case 'bytesValue':
      return string(value, type, path);
    case 'bool_value':
    case 'boolValue':
      if (typeof value[type] === 'boolean') return value[type];
      throw unexpected(pathTo(path, type), 'a boolean', value[type]);
    case 'int_value':
    case 'intValue':
    case 'double_value':
    case 'doubleValue':
      return number(value, type, path);
    case 'array_value':
    case 'arrayValue':
      return arrayValue(object(value, type, path), pathTo(path, type));
    case 'kvlist_value':
    case 'kvlistValue':
      return keyValues(object(value, type, path), 'values', pathTo(path, type));
    default:
      return null;
  }
}

function arrayValue(from: JsonObject, path: string): readonly unknown[] {
  const at = pathTo(path, 'values');
  return optionalList(from, 'values', path).map((value, index) =>
    anyValue(value, `${at}[${index}]`),
  );
}

/** 64-bit integers come as digits, NaN and Infinity as their names, which become null as in Python's JSON. */
function number(from: JsonObject, key: string, path: string): number | null {
  const value = from[key];
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && DECIMAL.test(value)) return Number(value);
  throw unexpected(pathTo(path, key), 'a number', value);
}
