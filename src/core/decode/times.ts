import type { JsonObject } from '@assay/sdk';
import { isAbsent, pathTo } from './fields.ts';
import { Malformed, unexpected } from './malformed.ts';

/** The point before the fraction may be missing: such times were recorded, and there is one way to read them. */
const RFC_3339 =
  /^((\d{4})-(0[1-9]|1[0-2])-(\d\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.?(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const PROTOBUF_DURATION = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/;
const INTEGER = /^-?\d{1,19}$/;

/** What RFC 3339 can write: the years 0000 to 9999. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const MAX_INT64 = 2n ** 63n - 1n;

/** RFC 3339 to milliseconds since the epoch; digits below the millisecond are cut. */
export function rfc3339(from: JsonObject, key: string, path: string): number {
  const value = from[key];
  const ms = typeof value === 'string' ? parseRfc3339(value) : undefined;
  if (ms === undefined) throw unexpected(pathTo(path, key), 'an RFC 3339 time', value);
  return ms;
}

export function optionalRfc3339(from: JsonObject, key: string, path: string): number | null {
  return isAbsent(from[key]) ? null : rfc3339(from, key, path);
}

function parseRfc3339(text: string): number | undefined {
  const [, time, year, month, day, fraction = '0', zone = ''] = RFC_3339.exec(text) ?? [];
  if (day === undefined || Number(day) < 1) return undefined;
  // Date.parse takes 30 February for 2 March.
  if (Number(day) > 28 && Number(day) > daysIn(Number(year), Number(month))) return undefined;
  return Date.parse(`${time}.${fraction}${zone}`);
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();
}

/** Milliseconds since the epoch, as an integer or its decimal digits. */
export function epochMs(from: JsonObject, key: string, path: string): number {
  const value = from[key];
  const ms = toInteger(value);
  if (ms !== undefined && ms >= FIRST_MS && ms <= LAST_MS) return ms;
  throw unexpected(pathTo(path, key), 'milliseconds since the epoch', value);
}

/** A length of time in milliseconds, as a number or its decimal digits. */
export function optionalDurationMs(from: JsonObject, key: string, path: string): number | null {
  const value = from[key];
  if (isAbsent(value)) return null;
  const ms = typeof value === 'string' ? toInteger(value) : value;
  if (typeof ms === 'number' && Number.isFinite(ms)) return ms;
  throw unexpected(pathTo(path, key), 'milliseconds', value);
}

/** A length of time as protobuf JSON writes it, for example `0.101s`, in milliseconds. */
export function optionalDuration(from: JsonObject, key: string, path: string): number | null {
  const value = from[key];
  if (isAbsent(value)) return null;
  const [, sign, seconds, fraction = ''] =
    typeof value === 'string' ? (PROTOBUF_DURATION.exec(value) ?? []) : [];
  if (seconds === undefined) {
    throw unexpected(pathTo(path, key), 'seconds such as "0.101s"', value);
  }
  const ms = Number(seconds) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return sign === '-' && ms !== 0 ? -ms : ms;
}

function toInteger(value: unknown): number | undefined {
  const number = typeof value === 'string' && INTEGER.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** Nanoseconds since the epoch: decimal digits, or a number, which is exact below 2^53 only. */
export function nanoseconds(from: JsonObject, key: string, path: string): bigint {
  const value = from[key];
  const field = pathTo(path, key);
  let nanos: bigint;
  if (typeof value === 'string' && INTEGER.test(value)) nanos = BigInt(value);
  else if (typeof value === 'number' && Number.isFinite(value)) nanos = BigInt(Math.trunc(value));
  else throw unexpected(field, 'nanoseconds since the epoch', value);
  if (nanos > MAX_INT64 || nanos < -MAX_INT64) {
    throw new Malformed(
      field,
      'expected nanoseconds since the epoch, found a number beyond 64 bits',
    );
  }
  return nanos;
}

export function optionalNanoseconds(from: JsonObject, key: string, path: string): bigint | null {
  return isAbsent(from[key]) ? null : nanoseconds(from, key, path);
}
