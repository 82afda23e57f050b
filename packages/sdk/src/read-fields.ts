import type { JsonObject } from './json.ts';

/** The fields of one JSON object. An optional field that is null counts as absent. All throw TypeError with the path. */
export interface FieldReader {
  readonly json: JsonObject;
  string(key: string): string;
  optionalString(key: string): string | null;
  optionalNumber(key: string): number | null;
  /** Milliseconds since the epoch of an RFC 3339 time. */
  time(key: string): number;
  optionalTime(key: string): number | null;
  object(key: string): FieldReader;
  optionalObject(key: string): FieldReader | null;
  /** An absent list is an empty one. */
  objects(key: string): readonly FieldReader[];
  /** Without a prototype, so that any key is safe to read; absent is empty. */
  stringMap(key: string): Readonly<Record<string, string>>;
  /** Throws the TypeError for a field that is not as expected. */
  refuse(key: string, expected: string): never;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `path` is where the object stands in the document; '' is the document itself. */
export function readFields(json: unknown, path = ''): FieldReader {
  if (!isJsonObject(json)) throw wrong(path || 'the document', 'an object', json);
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const refuse = (key: string, expected: string): never => {
    throw wrong(at(key), expected, json[key]);
  };
  const isAbsent = (key: string): boolean => json[key] === undefined || json[key] === null;
  const string = (key: string): string => {
    const value = json[key];
    return typeof value === 'string' ? value : refuse(key, 'a string');
  };
  const time = (key: string): number => {
    const ms = Date.parse(string(key).replace(NO_POINT, '$&.'));
    return Number.isNaN(ms) ? refuse(key, 'an RFC 3339 time') : ms;
  };
  const object = (key: string): FieldReader => readFields(json[key], at(key));
  return {
    json,
    refuse,
    string,
    time,
    object,
    optionalString: (key) => (isAbsent(key) ? null : string(key)),
    optionalTime: (key) => (isAbsent(key) ? null : time(key)),
    optionalObject: (key) => (isAbsent(key) ? null : object(key)),
    optionalNumber(key) {
      const value = json[key] ?? null;
      return value === null || typeof value === 'number' ? value : refuse(key, 'a number');
    },
    objects(key) {
      const list: unknown = json[key] ?? [];
      if (!Array.isArray(list)) return refuse(key, 'an array');
      return list.map((each: unknown, index) => readFields(each, `${at(key)}[${index}]`));
    },
    stringMap(key) {
      const map = Object.entries(isAbsent(key) ? {} : object(key).json);
      if (!map.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
        return refuse(key, 'an object of strings');
      }
      // Object.fromEntries makes a field of any key, `__proto__` too; setPrototypeOf returns its argument as any.
      return Object.setPrototypeOf(Object.fromEntries(map), null) as Record<string, string>;
    },
  };
}

/** Times without the point before the fraction were recorded. */
const NO_POINT = /T\d\d:\d\d:\d\d(?=\d)/;

/** Says what was there by its type only: the content of a trace is nobody's business in a log. */
function wrong(path: string, expected: string, found: unknown): TypeError {
  const kind = Array.isArray(found) ? 'an array' : found === null ? 'null' : typeof found;
  return new TypeError(`${path}: expected ${expected}, found ${kind}`);
}
