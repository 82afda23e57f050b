import { RE2JS } from 're2js';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { compileFilter } from '../../../../src/core/filter/evaluate/compile-filter.ts';
import { compileRlike } from '../../../../src/core/filter/evaluate/compile-rlike.ts';
import { explainFilter } from '../../../../src/core/filter/explain/explain-filter.ts';
import { MAX_RLIKE_STEPS } from '../../../../src/core/filter/filter-limits.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { factsOf } from '../facts-of.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the work of RLIKE', () => {
  it.each(['a', '[a-z]+@[a-z]+', 'a\\pL{95}[\\x{10000}-\\x{10FFFF}]', '[\\pL]{490}', '(a|b){90}c'])(
    'is bounded by the size of the pattern times what it sees of a value: %s',
    (pattern) => {
      const size = RE2JS.compile(pattern).programSize();
      const test = vi.spyOn(RE2JS.prototype, 'test').mockReturnValue(false);
      const compiled = compileRlike(pattern);
      if (!compiled.ok) throw new Error(compiled.reason);
      compiled.search('b'.repeat(10 * 2 ** 20));
      const [[seen] = ['']] = test.mock.calls;
      expect(seen.length * size).toBeLessThanOrEqual(MAX_RLIKE_STEPS);
      expect(seen.length * size).toBeGreaterThan(MAX_RLIKE_STEPS - size);
    },
  );

  it('compiles nothing that repetitions make large', () => {
    const compile = vi.spyOn(RE2JS, 'compile');
    for (const pattern of [
      `(((${'x'.repeat(960)}){10}){10}){10}`,
      `((${'(a|b)?'.repeat(150)}){10}){90}`,
      `(${'\\pL{3}'.repeat(150)}){90}`,
    ]) {
      expect(compileRlike(pattern)).toMatchObject({ ok: false });
    }
    expect(compile).not.toHaveBeenCalled();
  });
});

describe('a value that is longer than RLIKE sees', () => {
  const seen = Math.floor(MAX_RLIKE_STEPS / RE2JS.compile('xy$').programSize());

  it.each([
    ['within', `${'a'.repeat(seen - 2)}xyz`, true],
    ['across the end', `${'a'.repeat(seen - 1)}xy`, false],
    ['behind', `${'a'.repeat(seen)}xy`, false],
  ])('is answered alike by predicate and explanation: %s', (_, value, expected) => {
    for (const [comparator, holds] of [
      ['RLIKE', expected],
      ['NOT RLIKE', !expected],
    ] as const) {
      const parsed = parseFilter(`tags.a ${comparator} 'xy$'`);
      if (!parsed.ok) throw new Error(parsed.error.message);
      const facts = factsOf({ tags: { a: value } });
      expect(compileFilter(parsed.filter)(facts)).toBe(holds);
      expect(explainFilter(parsed.filter, facts).holds).toBe(holds);
    }
  });
});
