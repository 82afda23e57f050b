import { describe, expect, it } from 'vitest';
import { FILTER_FIELDS } from '../../../src/core/filter/fields.ts';
import { parseFilter } from '../../../src/core/filter/parse-filter.ts';

const COMPARISONS: Readonly<Record<string, string>> = {
  IN: "IN ('1')",
  'NOT IN': "NOT IN ('1')",
  'IS NULL': 'IS NULL',
  'IS NOT NULL': 'IS NOT NULL',
};
const ALL = [
  '=',
  '!=',
  '>',
  '>=',
  '<',
  '<=',
  'LIKE',
  'ILIKE',
  'RLIKE',
  ...Object.keys(COMPARISONS),
];

describe('FILTER_FIELDS', () => {
  it.each(
    FILTER_FIELDS.flatMap((field) =>
      [field.name, ...field.aliases].map((name) => [name, field] as const),
    ),
  )('lists exactly the comparators that the parser takes after %s', (name, field) => {
    const path = field.keyed ? `${name}.a` : name;
    const value = field.type === 'number' ? '1' : "'1'";
    const taken = ALL.filter(
      (each) => parseFilter(`${path} ${COMPARISONS[each] ?? `${each} ${value}`}`).ok,
    );
    expect(new Set(taken)).toEqual(new Set(field.comparators));
  });

  it.each(FILTER_FIELDS.filter((field) => !field.keyed))(
    'takes entities before $name',
    ({ name, type }) => {
      const value = type === 'number' ? '1' : "'1'";
      for (const entity of ['attribute', 'attributes', 'trace']) {
        expect(parseFilter(`${entity}.${name} = ${value}`)).toEqual(
          parseFilter(`${name} = ${value}`),
        );
      }
    },
  );
});
