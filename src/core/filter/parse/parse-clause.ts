import { RANGE, type RangeComparator } from '../fields.ts';
import type {
  AssessmentField,
  Comparator,
  FilterNode,
  ListComparator,
  NumberField,
  OrderComparator,
  TextField,
  TextFieldComparator,
} from '../filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { FilterToken, PathToken } from './lex-filter.ts';
import { parseComparator } from './parse-comparator.ts';
import {
  type NumberKind,
  parseLikePattern,
  parseNumber,
  parseNumberList,
  parsePromptVersion,
  parseRegularExpression,
  parseText,
  parseTextList,
} from './parse-value.ts';
import { resolveField } from './resolve-field.ts';
import { type TokenReader, wordOf } from './token-reader.ts';

/** Words that no field can be called by. */
const KEYWORDS: readonly string[] = [
  'AND',
  'OR',
  'NOT',
  'IN',
  'IS',
  'NULL',
  'LIKE',
  'ILIKE',
  'RLIKE',
];

const A_CLAUSE = "a field, as in status = 'OK'";

/**
 * `field comparator value`, or `field IS [NOT] NULL`. A list of numbers becomes clauses joined by OR, or by
 * AND after NOT IN; the tree has no lists of numbers.
 */
export function parseClause(reader: TokenReader): FilterNode {
  const token = reader.next();
  const word = wordOf(token);
  if (token.kind !== 'path' || (word !== undefined && KEYWORDS.includes(word))) {
    return refuseStart(reader, token);
  }
  const field = resolveField(token);
  switch (field.type) {
    case 'text': {
      const comparator = parseComparator(reader, token, field.comparators);
      return textClause(reader, field.ref, comparator);
    }
    case 'number': {
      const comparator = parseComparator(reader, token, field.comparators);
      const kind = isBareTimestamp(token) ? 'whole' : 'quotable';
      return numberClause(reader, { field: field.ref, comparator, kind });
    }
    case 'text or number': {
      const comparator = parseComparator(reader, token, field.comparators);
      if (!isRange(comparator)) return assessmentText(reader, field.ref, comparator);
      return numberClause(reader, { field: field.ref, comparator, kind: 'unquoted' });
    }
  }
}

function isRange(comparator: Comparator): comparator is RangeComparator {
  return RANGE.some((each) => each === comparator);
}

function textClause(
  reader: TokenReader,
  field: TextField,
  comparator: TextFieldComparator,
): FilterNode {
  switch (comparator) {
    case 'IN':
    case 'NOT IN':
      return { kind: 'list', field, comparator, values: parseTextList(reader) };
    case 'IS NULL':
    case 'IS NOT NULL':
      return { kind: 'presence', field, comparator };
    case 'RLIKE':
    case 'NOT RLIKE':
      return { kind: 'text', field, comparator, value: parseRegularExpression(reader) };
    case 'LIKE':
    case 'ILIKE':
    case 'NOT LIKE':
    case 'NOT ILIKE':
      return { kind: 'text', field, comparator, value: parseLikePattern(reader) };
    case '=':
    case '!=': {
      const value = field.name === 'prompt' ? parsePromptVersion(reader) : parseText(reader);
      return { kind: 'text', field, comparator, value };
    }
  }
}

/** `=` and `!=` compare the text of a value, as in MLflow; says so where a number follows. */
function assessmentText(
  reader: TokenReader,
  field: AssessmentField,
  comparator: TextFieldComparator,
): FilterNode {
  const token = reader.peek();
  if (token.kind === 'number' && (comparator === '=' || comparator === '!=')) {
    refuse(token.start, {
      message: `${comparator} compares text here, not numbers`,
      expected: `'${reader.text.slice(token.start, token.end)}' in quotes, or one of >, >=, <, <=`,
    });
  }
  return textClause(reader, field, comparator);
}

interface NumberStart {
  readonly field: NumberField;
  readonly comparator: OrderComparator | ListComparator;
  readonly kind: NumberKind;
}

function numberClause(reader: TokenReader, { field, comparator, kind }: NumberStart): FilterNode {
  if (comparator !== 'IN' && comparator !== 'NOT IN') {
    return { kind: 'number', field, comparator, value: parseNumber(reader, kind) };
  }
  const each = comparator === 'IN' ? '=' : '!=';
  const [first = 0, ...others] = parseNumberList(reader, kind);
  const toClause = (value: number): FilterNode => ({
    kind: 'number',
    field,
    comparator: each,
    value,
  });
  if (others.length === 0) return toClause(first);
  const operands = [first, ...others].map(toClause);
  return { kind: comparator === 'IN' ? 'or' : 'and', operands };
}

function refuseStart(reader: TokenReader, token: FilterToken): never {
  if (token.kind === 'symbol' && token.text === '!') {
    refuse(token.start, { message: 'unexpected ! (did you mean NOT?)', expected: A_CLAUSE });
  }
  return reader.refuseToken(token, A_CLAUSE);
}

function isBareTimestamp({ parts: [first, ...rest] }: PathToken): boolean {
  return rest.length === 0 && first.quote === null && first.text === 'timestamp';
}
