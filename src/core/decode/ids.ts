import type { JsonObject } from '@assay/sdk';
import { isAbsent, pathTo, string } from './fields.ts';
import { Malformed } from './malformed.ts';

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** The value of each base64 digit by its character code; -1 for other characters. */
const DIGIT_VALUES = new Int8Array(128).fill(-1);
for (let value = 0; value < BASE64.length; value++) DIGIT_VALUES[BASE64.charCodeAt(value)] = value;

const HEX_ID = /^(?:0x)?([0-9a-fA-F]{16})$/;
const MAX_ID_LENGTH = 1024;

/** A non-empty id of at most 1,024 characters. */
export function id(from: JsonObject, key: string, path: string): string {
  const value = string(from, key, path);
  if (value !== '' && value.length <= MAX_ID_LENGTH) return value;
  throw new Malformed(
    pathTo(path, key),
    `expected an id of 1 to ${MAX_ID_LENGTH} characters, found ${value.length}`,
  );
}

/** A span id as 16 lower-case hex digits, from hex or from base64; any other id as it came. */
export function spanId(from: JsonObject, key: string, path: string): string {
  const value = id(from, key, path);
  if (value.length === 12) return base64ToHex(value, 8) ?? value;
  return HEX_ID.exec(value)?.[1]?.toLowerCase() ?? value;
}

/** An absent, null or empty parent is none: the span is a root. */
export function optionalSpanId(from: JsonObject, key: string, path: string): string | null {
  return isAbsent(from[key]) || from[key] === '' ? null : spanId(from, key, path);
}

/** Padded base64 to hex digits; undefined unless it holds exactly that many bytes. */
export function base64ToHex(text: string, bytes: number): string | undefined {
  const padding = (3 - (bytes % 3)) % 3;
  if (text.length !== Math.ceil(bytes / 3) * 4 || !text.endsWith('='.repeat(padding))) {
    return undefined;
  }
  let hex = '';
  for (let i = 0; i < text.length; i += 4) {
    let bits = 0;
    for (let j = i; j < i + 4; j++) {
      const digit = j < text.length - padding ? (DIGIT_VALUES[text.charCodeAt(j)] ?? -1) : 0;
      if (digit < 0) return undefined;
      bits = bits * 64 + digit;
    }
    hex += bits.toString(16).padStart(6, '0');
  }
  return hex.slice(0, bytes * 2);
}
