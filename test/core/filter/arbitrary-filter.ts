import fc from 'fast-check';
import type { FilterFacts } from '../../../src/core/filter/facts.ts';
import type { FilterClause, FilterNode, TextField } from '../../../src/core/filter/filter-node.ts';

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
  fc.constantFrom('a', 'a.b', 'mlflow.trace.session', 'my key', '1', '9lives', '__proto__', 'ключ'),
  someText.filter((key) => key !== '' && (!key.includes('`') || fits(key, "'") || fits(key, '"'))),
);

const textField: fc.Arbitrary<TextField> = fc.oneof(
  fc.record({ name: fc.constantFrom('status' as const, 'name' as const) }),
  fc.record({ name: fc.constantFrom('tags' as const, 'metadata' as const), key: filterKey }),
);
const nullableField: fc.Arbitrary<TextField> = fc.oneof(
  fc.record({ name: fc.constant('name' as const) }),
  fc.record({ name: fc.constantFrom('tags' as const, 'metadata' as const), key: filterKey }),
);

const number = fc
  .oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .map((value) => value + 0);

export const filterClause: fc.Arbitrary<FilterClause> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    field: textField,
    comparator: fc.constantFrom('=' as const, '!=' as const, 'LIKE' as const, 'ILIKE' as const),
    value: filterText,
  }),
  fc.record({
    kind: fc.constant('text' as const),
    field: textField,
    comparator: fc.constant('RLIKE' as const),
    value: fc.constantFrom('', '^a', 'a.b$', '(?i)[a-z]{2}', '\\d+', "it's"),
  }),
  fc.record({
    kind: fc.constant('number' as const),
    field: fc.record({
      name: fc.constantFrom('timestamp_ms' as const, 'execution_time_ms' as const),
    }),
    comparator: fc.constantFrom(
      '=' as const,
      '!=' as const,
      '>' as const,
      '>=' as const,
      '<' as const,
      '<=' as const,
    ),
    value: number,
  }),
  fc.record({
    kind: fc.constant('list' as const),
    field: fc.record({ name: fc.constant('status' as const) }),
    comparator: fc.constantFrom('IN' as const, 'NOT IN' as const),
    values: fc.array(filterText, { minLength: 1, maxLength: 4 }),
  }),
  fc.record({
    kind: fc.constant('presence' as const),
    field: nullableField,
    comparator: fc.constantFrom('IS NULL' as const, 'IS NOT NULL' as const),
  }),
);

/** Any tree that parsing can make. */
export const filterNode: fc.Arbitrary<FilterNode> = fc.oneof(
  filterClause,
  fc.record({
    kind: fc.constant('and' as const),
    operands: fc.oneof(fc.constant([]), fc.array(filterClause, { minLength: 2, maxLength: 6 })),
  }),
);

const map = fc.dictionary(filterKey, someText, { maxKeys: 4 });

export const filterFacts: fc.Arbitrary<FilterFacts> = fc.record({
  name: fc.option(someText, { nil: undefined }),
  status: fc.constantFrom('OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED'),
  timestampMs: fc.integer(),
  executionDurationMs: fc.option(fc.integer(), { nil: null }),
  tags: map,
  metadata: map,
});
