import { describe, expect, it } from 'vitest';
import { FILTER_FIELDS } from '../../src/core/filter/fields.ts';
import { parseFilter } from '../../src/core/filter/parse/parse-filter.ts';
import { EXPLAINED, filtersPage, REFUSED } from './filters-page.ts';

/** The lines of the code blocks that hold filters. */
function examples(page: string): readonly string[] {
  const blocks = [...page.matchAll(/```filter\n([\s\S]*?)```/g)].map(([, lines = '']) => lines);
  return blocks.flatMap((lines) => lines.split('\n').filter((line) => line !== ''));
}

describe('docs/filters.md', () => {
  it('says what the field table says', async () => {
    await expect(filtersPage()).toMatchFileSnapshot('../../docs/filters.md');
  });

  it.each(examples(filtersPage()))('has the example %s, which is a filter', (example) => {
    expect(parseFilter(example)).toMatchObject({ ok: true });
  });

  it.each(REFUSED)('has the example %s, which is refused', (example) => {
    expect(parseFilter(example).ok).toBe(false);
  });

  it('explains every comparator of the fields, and no other', () => {
    const taken = FILTER_FIELDS.flatMap(({ comparators }) => [...comparators]);
    expect(new Set(EXPLAINED)).toEqual(new Set(taken));
  });

  it('says that two filters are the same which are', () => {
    const [first, second] = examples(filtersPage()).filter((each) => each.includes("env = 'test'"));
    expect(first).not.toBe(second);
    expect(parseFilter(first ?? '')).toEqual(parseFilter(second ?? ''));
  });
});
