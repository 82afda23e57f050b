import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { FilterNode } from '../filter/filter-node.ts';
import type { OrderKey, SearchKey, SearchOrder } from './search-order.ts';

/** What has to stay the same from page to page. */
export interface PagedSearch {
  readonly experimentIds: readonly string[];
  readonly filter: FilterNode;
  readonly order: SearchOrder;
}

export type DecodedPageToken =
  | { readonly ok: true; readonly after: SearchKey }
  | { readonly ok: false; readonly reason: string };

/** base64url of the JSON `{ "after": <key>, "search": <hash> }`. Carries no secret: it says where to go on, and of which search. */
export function encodePageToken(after: SearchKey, search: PagedSearch): string {
  return toBase64Url(JSON.stringify({ after, search: hashOf(search) }));
}

/** Reads a token that may come from anywhere. Refuses one of another search. */
export function decodePageToken(token: string, search: PagedSearch): DecodedPageToken {
  const content = parse(token);
  if (!isObject(content) || typeof content['search'] !== 'string') {
    return { ok: false, reason: 'it is none that a search has given' };
  }
  if (content['search'] !== hashOf(search)) {
    const reason =
      'it belongs to another search; experiment, filter and order have to stay as they were on the page before';
    return { ok: false, reason };
  }
  const { after } = content;
  if (!isSearchKey(after, search.order)) {
    return { ok: false, reason: 'it is none that a search has given' };
  }
  return { ok: true, after };
}

const HASH_DIGITS = 16;

function hashOf({ experimentIds, filter, order }: PagedSearch): string {
  const text = JSON.stringify([experimentIds.toSorted(), filter, order]);
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, HASH_DIGITS);
}

/** Whoever makes up a token must not bring the database to errors. */
function isSearchKey(value: unknown, order: SearchOrder): value is SearchKey {
  return (
    Array.isArray(value) &&
    value.length === order.length &&
    order.every((key, index) => isValueOf(key, value[index]))
  );
}

const NUMBERS: ReadonlySet<OrderKey['field']> = new Set([
  'timestamp_ms',
  'execution_time_ms',
  'end_time_ms',
]);

function isValueOf({ field }: OrderKey, value: unknown): boolean {
  if (value === null) return true;
  if (NUMBERS.has(field)) return Number.isFinite(value);
  return typeof value === 'string' && !value.includes('\0');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** undefined where it is not base64url of JSON. */
function parse(token: string): unknown {
  try {
    return JSON.parse(fromBase64Url(token));
  } catch {
    return undefined;
  }
}

function toBase64Url(text: string): string {
  const bytes = Array.from(utf8ToBytes(text), (byte) => String.fromCharCode(byte)).join('');
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

function fromBase64Url(token: string): string {
  const bytes = atob(token.replaceAll('-', '+').replaceAll('_', '/'));
  return new TextDecoder('utf-8', { fatal: true }).decode(
    Uint8Array.from(bytes, (character) => character.charCodeAt(0)),
  );
}
