import { MAX_CLAUSES, MAX_DEPTH, MAX_FILTER_LENGTH } from '../filter-limits.ts';
import type { FilterNode } from '../filter-node.ts';
import { type FilterError, FilterRefusal, refuse } from './filter-refusal.ts';
import { type FilterToken, lexFilter } from './lex-filter.ts';
import { parseClause } from './parse-clause.ts';
import { describeToken, isKeyword, TokenReader } from './token-reader.ts';

export type ParsedFilter =
  | { readonly ok: true; readonly filter: FilterNode }
  | { readonly ok: false; readonly error: FilterError };

/**
 * Parses a filter string: MLflow's trace search language, clauses `field comparator value` joined by AND, and
 * OR, NOT and parentheses besides. NOT binds closer than AND, AND closer than OR. The empty string is the
 * filter that every trace passes. Takes time linear in the length; the depth is limited, so the stack is too.
 */
export function parseFilter(text: string): ParsedFilter {
  try {
    return { ok: true, filter: parse(text) };
  } catch (refusal) {
    if (refusal instanceof FilterRefusal) return { ok: false, error: refusal.error };
    throw refusal;
  }
}

function parse(text: string): FilterNode {
  if (text === '') return { kind: 'and', operands: [] };
  requireReadable(text);
  const reader = new TokenReader(lexFilter(text), text);
  if (reader.peek().kind === 'end') {
    refuse(0, {
      message: 'the filter is only white space',
      expected: "a clause such as status = 'OK', or no filter at all",
    });
  }
  const filter = parseOr({ reader, depth: 0, clauses: 0 });
  const token = reader.peek();
  return token.kind === 'end' ? filter : refuseJoiner(reader, token);
}

function requireReadable(text: string): void {
  if (text.length > MAX_FILTER_LENGTH) {
    refuse(MAX_FILTER_LENGTH, {
      message: `the filter has ${text.length} characters`,
      expected: `at most ${MAX_FILTER_LENGTH}`,
    });
  }
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    refuse(nul, { message: 'the filter holds the character U+0000', expected: 'text without it' });
  }
}

interface ParserState {
  readonly reader: TokenReader;
  /** Parentheses and NOTs that are open. */
  depth: number;
  /** Clauses so far. */
  clauses: number;
}

function parseOr(state: ParserState): FilterNode {
  const operands = [parseAnd(state)];
  while (isKeyword(state.reader.peek(), 'OR')) {
    state.reader.next();
    operands.push(parseAnd(state));
  }
  const flat = operands.flatMap((each) => (each.kind === 'or' ? each.operands : [each]));
  return join('or', flat);
}

function parseAnd(state: ParserState): FilterNode {
  const operands = [parseNot(state)];
  while (isKeyword(state.reader.peek(), 'AND')) {
    state.reader.next();
    operands.push(parseNot(state));
  }
  return join('and', operands);
}

function join(kind: 'and' | 'or', operands: readonly FilterNode[]): FilterNode {
  const [only] = operands;
  return operands.length === 1 && only !== undefined ? only : { kind, operands };
}

function parseNot(state: ParserState): FilterNode {
  const { reader } = state;
  const token = reader.peek();
  if (isKeyword(token, 'NOT')) {
    reader.next();
    return deeper(state, token, () => ({ kind: 'not', operand: parseNot(state) }));
  }
  if (token.kind === 'symbol' && token.text === '(') {
    reader.next();
    return deeper(state, token, () => {
      const inner = parseOr(state);
      expectClosed(reader, token);
      return inner;
    });
  }
  return parseCounted(state);
}

/** Parses a clause; a list of numbers is as many, and stands one level deeper when it is printed. */
function parseCounted(state: ParserState): FilterNode {
  const token = state.reader.peek();
  const clause = parseClause(state.reader);
  const isList = clause.kind === 'or' || clause.kind === 'and';
  state.clauses += isList ? clause.operands.length : 1;
  if (state.clauses > MAX_CLAUSES) {
    refuse(token.start, {
      message: `the filter has more than ${MAX_CLAUSES} clauses`,
      expected: `at most ${MAX_CLAUSES}`,
    });
  }
  return isList ? deeper(state, token, () => clause) : clause;
}

function deeper(state: ParserState, token: FilterToken, parseInner: () => FilterNode): FilterNode {
  if (state.depth === MAX_DEPTH) {
    refuse(token.start, {
      message: `parentheses and NOTs are nested more than ${MAX_DEPTH} deep`,
      expected: `at most ${MAX_DEPTH} inside one another`,
    });
  }
  state.depth += 1;
  const node = parseInner();
  state.depth -= 1;
  return node;
}

function expectClosed(reader: TokenReader, open: FilterToken): void {
  const token = reader.next();
  if (token.kind === 'symbol' && token.text === ')') return;
  if (token.kind !== 'end') refuseJoiner(reader, token);
  refuse(token.start, {
    message: `the parenthesis of column ${open.start + 1} is not closed`,
    expected: 'AND, OR or a closing parenthesis',
  });
}

const JOINERS: Readonly<Record<string, string>> = {
  '&': 'AND',
  '&&': 'AND',
  '|': 'OR',
  '||': 'OR',
};

/** Refuses what stands after a clause. */
function refuseJoiner(reader: TokenReader, token: FilterToken): never {
  const source = reader.text.slice(token.start, token.end);
  const joiner = Object.hasOwn(JOINERS, source) ? ` (did you mean ${JOINERS[source]}?)` : '';
  const before = reader.text[token.start - 1];
  const isBehindQuote = token.kind === 'path' && (before === "'" || before === '"');
  const orQuotes = isBehindQuote ? `; text with ${before} in it stands in the other quotes` : '';
  return refuse(token.start, {
    message: `unexpected ${describeToken(token, reader.text)} after a clause${joiner}`,
    expected: `AND, OR, or the end of the filter${orQuotes}`,
  });
}
