import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/core/filter/compile-filter.ts';
import type { FilterFacts } from '../../../src/core/filter/facts.ts';
import type { FilterClause } from '../../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../../src/core/filter/parse-filter.ts';
import { filterClause, filterFacts, filterNode } from './arbitrary-filter.ts';

const FACTS: FilterFacts = {
  name: 'GenerateAnswer',
  status: 'OK',
  timestampMs: 1_000,
  executionDurationMs: 250,
  tags: { fruit: 'apple' },
  metadata: { 'mlflow.trace.session': 's-1' },
};

function matches(text: string, facts: FilterFacts = FACTS): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return compileFilter(parsed.filter)(facts);
}

describe('compileFilter', () => {
  it('lets every trace pass the empty filter', () => {
    expect(matches('')).toBe(true);
  });

  it('wants all clauses to hold', () => {
    expect(matches("status = 'OK' AND tags.fruit = 'apple' AND timestamp_ms > 999")).toBe(true);
    expect(matches("status = 'OK' AND tags.fruit = 'pear' AND timestamp_ms > 999")).toBe(false);
  });

  it.each(["= 'x'", "!= 'x'", "LIKE '%'", "ILIKE '%'", "RLIKE ''", 'IS NOT NULL'])(
    'lets a trace without the key match only IS NULL, not %s',
    (comparison) => {
      const without = { ...FACTS, name: undefined };
      for (const field of ['tags.nothing', 'metadata.nothing', 'name', 'tags.toString']) {
        expect(matches(`${field} ${comparison}`, without)).toBe(false);
        expect(matches(`${field} IS NULL`, without)).toBe(true);
      }
    },
  );

  it('lets a trace without the key match no list, not even with NOT IN', () => {
    const field = { name: 'tags', key: 'nothing' } as const;
    const notIn = compileFilter({ kind: 'list', field, comparator: 'NOT IN', values: ['x'] });
    expect(notIn(FACTS)).toBe(false);
    expect(notIn({ ...FACTS, tags: { nothing: 'y' } })).toBe(true);
  });

  it('reads a key that every object inherits only where the trace has it', () => {
    expect(matches("tags.constructor LIKE '%'")).toBe(false);
    const tags = Object.fromEntries([['constructor', 'acme']]);
    expect(matches("tags.constructor = 'acme'", { ...FACTS, tags })).toBe(true);
  });

  it.each(['=', '!=', '<', '<=', '>', '>='])(
    'lets a running trace match no duration, not even with %s',
    (comparator) => {
      const running = { ...FACTS, executionDurationMs: null };
      expect(matches(`execution_time_ms ${comparator} 0`, running)).toBe(false);
    },
  );

  it('distinguishes an empty value from none', () => {
    const facts = { ...FACTS, name: '', tags: { fruit: '' } };
    expect(matches("name = '' AND tags.fruit = '' AND tags.fruit IS NOT NULL", facts)).toBe(true);
  });

  it('minds the case of letters in = and LIKE, not in ILIKE', () => {
    expect(matches("name = 'generateanswer'")).toBe(false);
    expect(matches("name LIKE 'generate%'")).toBe(false);
    expect(matches("name ILIKE 'generate%'")).toBe(true);
  });

  it('searches RLIKE anywhere in the value', () => {
    expect(matches("name RLIKE 'ate[A-Z]'")).toBe(true);
    expect(matches("name RLIKE '^Answer'")).toBe(false);
  });

  it('takes time linear in the value where a backtracking engine would hang', () => {
    const facts = { ...FACTS, tags: { long: 'a'.repeat(50_000) } };
    const started = performance.now();
    expect(matches("tags.long RLIKE '^(a+)+$' AND tags.long RLIKE '(a|a)*b'", facts)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('never throws, and answers the same again (I10)', () => {
    fc.assert(
      fc.property(filterNode, filterFacts, (filter, facts) => {
        const predicate = compileFilter(filter);
        const first = predicate(facts);
        expect(typeof first).toBe('boolean');
        expect(predicate(facts)).toBe(first);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets exactly one of a comparison and its opposite hold where there is a value', () => {
    const opposite = { '=': '!=', '>': '<=', '<': '>=', IN: 'NOT IN' } as const;
    fc.assert(
      fc.property(filterClause, filterFacts, (clause, facts) => {
        const comparator = Object.entries(opposite).find(
          ([each]) => each === clause.comparator,
        )?.[1];
        if (comparator === undefined) return;
        // The table holds opposites within one kind of clause.
        const other = { ...clause, comparator } as FilterClause;
        const holds = [clause, other].map((each) => compileFilter(each)(facts));
        expect(holds.filter(Boolean)).toHaveLength(hasValue(clause, facts) ? 1 : 0);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads only the facts that its clauses name', () => {
    const seen = new Set<PropertyKey>();
    const watched = new Proxy(FACTS, {
      get(facts, property) {
        seen.add(property);
        return Reflect.get(facts, property) as unknown;
      },
    });
    matches("tags.fruit = 'apple' AND execution_time_ms > 5", watched);
    expect(seen).toEqual(new Set(['tags', 'executionDurationMs']));
  });
});

function hasValue({ field }: FilterClause, facts: FilterFacts): boolean {
  switch (field.name) {
    case 'tags':
    case 'metadata':
      return Object.hasOwn(facts[field.name], field.key);
    case 'name':
      return facts.name !== undefined;
    case 'execution_time_ms':
      return facts.executionDurationMs !== null;
    case 'status':
    case 'timestamp_ms':
      return true;
  }
}
