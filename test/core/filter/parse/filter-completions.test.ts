import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterCompletions } from '../../../../src/core/filter/parse/filter-completions.ts';
import { FILTER_FIELDS } from '../../../../src/core/filter/fields.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { printFilter } from '../../../../src/core/filter/print-filter.ts';
import { filterNode } from '../arbitrary-filter.ts';

/** What is offered where the bar stands, after the column from which it replaces. */
function offered(marked: string): readonly (string | number)[] {
  const column = marked.indexOf('|') + 1;
  const { from, items } = filterCompletions(marked.replace('|', ''), column);
  return [from, ...items.map(({ text }) => text)];
}

describe('filterCompletions', () => {
  it('offers every field where a clause begins', () => {
    const texts = offered('|').slice(1);
    for (const { name, keyed } of FILTER_FIELDS) {
      expect(texts).toContain(keyed ? `${name}.` : name);
    }
    expect(texts.at(-1)).toBe('NOT');
    expect(offered("status = 'OK' AND |").slice(1)).toEqual(texts);
    expect(offered('NOT (|').slice(1)).toEqual(texts);
  });

  it.each([
    ['sta|', 1, ['status']],
    ['sta| = 1', 1, ['status']],
    ['span.t|', 1, ['span.type']],
    ["NOT (status = 'OK' or me|", 23, ['metadata.']],
    ['timestamp_ms >|', 14, ['>', '>=']],
    ['prompt |', 8, ['=']],
    ['tags.a is|', 8, ['IS NULL', 'IS NOT NULL']],
    ['tags.a is  not |', 8, ['IS NOT NULL']],
    ['name NOT L|', 6, ['NOT LIKE']],
    ['span.status = |', 15, ["'OK'", "'ERROR'", "'UNSET'"]],
    ["status = 'E|", 10, ["'ERROR'"]],
    ["status IN ('OK', 'i|", 18, ["'IN_PROGRESS'"]],
    ["status IN ('OK') |", 18, ['AND', 'OR']],
    ['name IS NULL a|', 14, ['AND']],
    ["name = 'a' nonsense |", 21, []],
    ['5 |', 3, []],
  ])('offers at %s from column %i: %j', (marked, from, texts) => {
    expect(offered(marked)).toEqual([from, ...texts]);
  });

  it('offers comparators behind any field as it is printed', () => {
    fc.assert(
      fc.property(filterNode, (filter) => {
        const text = printFilter(filter);
        if (text === '') return;
        const joined = filterCompletions(`${text} `, text.length + 2);
        expect(joined.items.map((item) => item.text)).toEqual(['AND', 'OR']);
        const next = filterCompletions(`${text} AND `, text.length + 6);
        expect(next.items.length).toBeGreaterThan(FILTER_FIELDS.length);
      }),
    );
  });

  it('offers comparators that the parser takes', () => {
    for (const { name, keyed } of FILTER_FIELDS) {
      const start = `${keyed ? `${name}.a` : name} `;
      for (const { text } of filterCompletions(start, start.length + 1).items) {
        const rests = ['', " 'a/1'", ' 1', " ('x')", ' (1)'];
        expect(
          rests.some((rest) => parseFilter(start + text + rest).ok),
          start + text,
        ).toBe(true);
      }
    }
  });
});
