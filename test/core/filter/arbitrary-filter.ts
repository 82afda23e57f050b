import { type Assessment, type Json, Span } from '@assay/sdk';
import fc from 'fast-check';
import type { FilterFacts } from '../../../src/core/filter/facts.ts';
import {
  FILTER_FIELDS,
  type FilterField,
  type RangeComparator,
} from '../../../src/core/filter/fields.ts';
import type {
  Comparator,
  FilterClause,
  FilterNode,
  ListComparator,
  OrderComparator,
  PresenceComparator,
  TextComparator,
  TextField,
} from '../../../src/core/filter/filter-node.ts';

/** Few letters, so that values, patterns and facts meet often. */
const letter = fc.constantFrom(...Array.from('aAbÉé%_\\.[]\'"`💥\n ,()1'), '\ud83d');
const someText = fc.string({ unit: letter, maxLength: 8 });

/** Whether a text can stand in these quotes: every run of them is of even length. */
function fits(text: string, quote: string): boolean {
  return !text.replaceAll(quote + quote, '').includes(quote);
}

/** A text that some filter string can hold. */
export const filterText: fc.Arbitrary<string> = someText.filter(
  (text) => fits(text, "'") || fits(text, '"'),
);

export const filterKey: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'a',
    'a.b',
    'mlflow.trace.session',
    'my key',
    '1',
    '9lives',
    '__proto__',
    'ключ',
    'case',
  ),
  someText.filter((key) => key !== '' && (!key.includes('`') || fits(key, "'") || fits(key, '"'))),
);

const ORDERS: readonly OrderComparator[] = ['=', '!=', '>', '>=', '<', '<='];
const RANGES: readonly RangeComparator[] = ['>', '>=', '<', '<='];
const TEXTS: readonly TextComparator[] = ['=', '!='];
const LIKES: readonly TextComparator[] = ['LIKE', 'ILIKE', 'NOT LIKE', 'NOT ILIKE'];
const RLIKES: readonly TextComparator[] = ['RLIKE', 'NOT RLIKE'];
const LISTS: readonly ListComparator[] = ['IN', 'NOT IN'];
const PRESENCES: readonly PresenceComparator[] = ['IS NULL', 'IS NOT NULL'];

const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value + 0);

const pattern = fc.constantFrom('', '^a', 'a.b$', '(?i)[a-z]{2}', '\\d+', "it's");
const promptVersion = fc.constantFrom('answer-prompt/4', 'a/1', "it's/1", '/');

/** What a text field may be compared with: anything, and often what occurs in a trace. */
function valueOf(name: string): fc.Arbitrary<string> {
  switch (name) {
    case 'prompt':
      return promptVersion;
    case 'status':
    case 'span.status':
      return fc.oneof(fc.constantFrom('OK', 'ERROR', 'UNSET'), filterText);
    default:
      return filterText;
  }
}

const numberFields = FILTER_FIELDS.filter((field) => field.type === 'number');
const assessments = FILTER_FIELDS.filter((field) => field.type === 'text or number');

const numberClause: fc.Arbitrary<FilterClause> = fc.oneof(
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.record({ name: fc.constantFrom(...numberFields.map(({ name }) => name)) }),
    comparator: fc.constantFrom(...ORDERS),
    value: number,
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.record({
      name: fc.constantFrom(...assessments.map(({ name }) => name)),
      key: filterKey,
    }),
    comparator: fc.constantFrom(...RANGES),
    value: number,
  }),
);

/** Clauses on one field of the catalogue, compared as text in every way it takes. */
function textClauses(entry: FilterField): readonly fc.Arbitrary<FilterClause>[] {
  if (entry.type === 'number') return [];
  const field: fc.Arbitrary<TextField> = entry.keyed
    ? fc.record({ name: fc.constant(entry.name), key: filterKey })
    : fc.record({ name: fc.constant(entry.name) });
  const taken = <C extends Comparator>(comparators: readonly C[]): readonly C[] =>
    comparators.filter((each) => entry.comparators.some((one) => one === each));
  const text = (
    comparators: readonly TextComparator[],
    value: fc.Arbitrary<string>,
  ): readonly fc.Arbitrary<FilterClause>[] =>
    taken(comparators).map((comparator) =>
      fc.record({
        kind: fc.constant('text' as const),
        field,
        comparator: fc.constant(comparator),
        value,
      }),
    );
  return [
    ...text(TEXTS, valueOf(entry.name)),
    ...text(LIKES, filterText),
    ...text(RLIKES, pattern),
    ...taken(LISTS).map((comparator) =>
      fc.record({
        kind: fc.constant('list' as const),
        field,
        comparator: fc.constant(comparator),
        values: fc.array(valueOf(entry.name), { minLength: 1, maxLength: 4 }),
      }),
    ),
    ...taken(PRESENCES).map((comparator) =>
      fc.record({
        kind: fc.constant('presence' as const),
        field,
        comparator: fc.constant(comparator),
      }),
    ),
  ];
}

const textClauseOfField = FILTER_FIELDS.map((entry) => textClauses(entry))
  .filter((clauses) => clauses.length > 0)
  .map((clauses) => fc.oneof(...clauses));

/** Fields are as likely as one another, and so are the comparators of a field. */
export const filterClause: fc.Arbitrary<FilterClause> = fc.oneof(
  { weight: textClauseOfField.length, arbitrary: fc.oneof(...textClauseOfField) },
  { weight: numberFields.length, arbitrary: numberClause },
);

const EMPTY: FilterNode = { kind: 'and', operands: [] };

/** Clauses joined by AND, OR, NOT up to a depth. Small enough for every limit of the parser. */
function nodeOf(depth: number): fc.Arbitrary<FilterNode> {
  if (depth === 0) return filterClause;
  const operand = nodeOf(depth - 1);
  const operands = fc.array(operand, { minLength: 2, maxLength: 3 });
  return fc.oneof(
    { weight: 3, arbitrary: filterClause },
    { weight: 2, arbitrary: operands.map((each): FilterNode => ({ kind: 'and', operands: each })) },
    { weight: 2, arbitrary: operands.map(toOr) },
    { weight: 1, arbitrary: operand.map((each): FilterNode => ({ kind: 'not', operand: each })) },
  );
}

/** As the parser does, an OR takes the operands of ORs in it for its own. */
function toOr(operands: readonly FilterNode[]): FilterNode {
  return {
    kind: 'or',
    operands: operands.flatMap((each) => (each.kind === 'or' ? each.operands : [each])),
  };
}

/** A filter without OR, NOT and parentheses, as MLflow has them. */
export const flatFilter: fc.Arbitrary<FilterNode> = fc.oneof(
  filterClause,
  fc
    .array(filterClause, { minLength: 2, maxLength: 6 })
    .map((operands): FilterNode => ({ kind: 'and', operands })),
);

/** Any tree that parsing can make. */
export const filterNode: fc.Arbitrary<FilterNode> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(EMPTY) },
  { weight: 10, arbitrary: flatFilter },
  { weight: 20, arbitrary: nodeOf(3) },
);

const factText = fc.oneof(fc.constantFrom('OK', 'ERROR', 'a', 'A', '5', 'true', ''), filterText);
const map = fc.dictionary(filterKey, factText, { maxKeys: 4 });

const json: fc.Arbitrary<Json> = fc.oneof(
  factText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.array(fc.integer(), { maxLength: 2 }),
  fc.dictionary(factText, fc.integer(), { maxKeys: 2 }),
);

const span: fc.Arbitrary<Span> = fc
  .record({
    name: factText,
    type: fc.option(fc.oneof(fc.constantFrom('LLM', 'TOOL'), factText), { nil: undefined }),
    code: fc.constantFrom('OK' as const, 'ERROR' as const, 'UNSET' as const),
    attributes: fc.dictionary(filterKey, json, { maxKeys: 3 }),
  })
  .map(
    ({ name, type, code, attributes }) =>
      new Span({
        spanId: '0123456789abcdef',
        parentId: null,
        traceId: 'tr-1',
        name,
        startTimeUnixNano: 1_000_000n,
        endTimeUnixNano: 3_000_000n,
        status: { code, message: '' },
        events: [],
        attributes: {
          ...attributes,
          ...(type === undefined ? {} : { 'mlflow.spanType': type }),
        },
        attributesAreDecoded: true,
      }),
  );

const assessment: fc.Arbitrary<Assessment> = fc
  .record({
    kind: fc.constantFrom('feedback' as const, 'expectation' as const, 'issue' as const),
    name: filterKey,
    value: json,
    valid: fc.boolean(),
  })
  .map(({ kind, name, value, valid }) => {
    const fields = {
      assessmentId: null,
      name,
      spanId: null,
      source: { type: 'HUMAN' as const, id: 'somebody' },
      createTimeMs: null,
      lastUpdateTimeMs: null,
      rationale: null,
      metadata: {},
      overrides: null,
      valid,
    };
    switch (kind) {
      case 'feedback':
        return { ...fields, kind, value, error: null };
      case 'expectation':
        return { ...fields, kind, value };
      case 'issue':
        return { ...fields, kind, issueName: name };
    }
  });

/** What a trace may hold, of the letters that filters are made of, so that they meet. */
export const filterFacts: fc.Arbitrary<FilterFacts> = fc.record({
  traceId: factText,
  clientRequestId: fc.option(factText, { nil: null }),
  name: fc.option(factText, { nil: undefined }),
  status: fc.constantFrom('OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED'),
  timestampMs: fc.integer(),
  executionDurationMs: fc.option(fc.integer(), { nil: null }),
  tags: map,
  metadata: map,
  linkedRuns: fc.array(factText, { maxLength: 2 }),
  spans: fc.array(span, { maxLength: 3 }),
  assessments: fc.array(assessment, { maxLength: 4 }),
});
