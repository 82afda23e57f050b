import { nearestName } from '../did-you-mean.ts';
import { ATTRIBUTE_ENTITIES, findField } from '../filter/fields.ts';
import { type FilterError, FilterRefusal, refuse } from '../filter/parse/filter-refusal.ts';
import { lexFilter, type PathToken } from '../filter/parse/lex-filter.ts';
import { readKey } from '../filter/parse/resolve-field.ts';
import { describeToken, TokenReader, wordOf } from '../filter/parse/token-reader.ts';
import type { OrderKey } from './search-order.ts';

export type ParsedOrderBy =
  | { readonly ok: true; readonly key: OrderKey }
  | { readonly ok: false; readonly error: FilterError };

export const MAX_ORDER_BY_LENGTH = 1_000;

type PlainKey = Extract<OrderKey['field'], string>;

/** Names and aliases of MLflow. */
const PLAIN: Readonly<Record<string, PlainKey>> = {
  timestamp_ms: 'timestamp_ms',
  timestamp: 'timestamp_ms',
  execution_time_ms: 'execution_time_ms',
  execution_time: 'execution_time_ms',
  end_time_ms: 'end_time_ms',
  end_time: 'end_time_ms',
  status: 'status',
  request_id: 'request_id',
  name: 'name',
  run_id: 'run_id',
  experiment_id: 'experiment_id',
};

const A_KEY = `one of ${[...new Set(Object.values(PLAIN))].join(', ')}, tags.<key>, metadata.<key>`;

/** Parses one entry of `orderBy`: a key as in a filter, then ASC or DESC in any letter case; ASC where neither is there. */
export function parseOrderBy(text: string): ParsedOrderBy {
  try {
    return { ok: true, key: parse(text) };
  } catch (refusal) {
    if (refusal instanceof FilterRefusal) return { ok: false, error: refusal.error };
    throw refusal;
  }
}

function parse(text: string): OrderKey {
  if (text.length > MAX_ORDER_BY_LENGTH) {
    refuse(MAX_ORDER_BY_LENGTH, {
      message: `the order has ${text.length} characters`,
      expected: `at most ${MAX_ORDER_BY_LENGTH}`,
    });
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    refuse(nul, { message: 'the order holds the character U+0000', expected: 'text without it' });
  }
  const reader = new TokenReader(lexFilter(text), text);
  const token = reader.next();
  if (token.kind === 'end') {
    refuse(token.start, { message: 'the order is empty', expected: A_KEY });
  }
  if (token.kind !== 'path' || token.parts[0].quote === "'") {
    return reader.refuseToken(token, A_KEY);
  }
  const field = resolveKey(token);
  const descending = parseDirection(reader);
  const rest = reader.next();
  if (rest.kind === 'end') return { field, descending };
  const isComma = rest.kind === 'symbol' && rest.text === ',';
  return refuse(rest.start, {
    message: `unexpected ${describeToken(rest, text)} after the order`,
    expected: isComma ? 'one key; each has an entry of its own' : 'the end',
  });
}

function parseDirection(reader: TokenReader): boolean {
  const token = reader.peek();
  if (token.kind === 'end' || (token.kind === 'symbol' && token.text === ',')) return false;
  const word = wordOf(token);
  if (word !== 'ASC' && word !== 'DESC') return reader.refuseToken(token, 'ASC, DESC or the end');
  reader.next();
  return word === 'DESC';
}

function resolveKey(token: PathToken): OrderKey['field'] {
  const [first, ...rest] = token.parts;
  if (rest.length === 0) return resolvePlain(token, first.text);
  const name = rest.map((part) => part.text).join('.');
  if (ATTRIBUTE_ENTITIES.includes(first.text)) return resolvePlain(token, name);
  const field = findField(first.text);
  if (field?.name === 'tags' || field?.name === 'metadata') {
    return { name: field.name, key: readKey(token, { written: first.text, key: rest }) };
  }
  return refuseKey(token, `${first.text}.${name}`);
}

function resolvePlain(token: PathToken, name: string): PlainKey {
  const key = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  return key ?? refuseKey(token, name);
}

function refuseKey(token: PathToken, name: string): never {
  const nearest = nearestName(name, Object.keys(PLAIN));
  const didYouMean = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  return refuse(token.start, {
    message: `traces cannot be ordered by '${name.slice(0, 60)}'${didYouMean}`,
    expected: A_KEY,
  });
}
