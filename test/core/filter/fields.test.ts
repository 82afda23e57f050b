import { describe, expect, it } from 'vitest';
import { FILTER_FIELDS, type FilterField } from '../../../src/core/filter/fields.ts';
import { parseFilter } from '../../../src/core/filter/parse/parse-filter.ts';

const ALL = ['=', '!=', '>', '>=', '<', '<=', 'IN', 'NOT IN', 'LIKE', 'ILIKE', 'RLIKE'].concat(
  ['NOT LIKE', 'NOT ILIKE', 'NOT RLIKE'],
  ['IS NULL', 'IS NOT NULL'],
);

/** A clause with a value of the kind that the comparator takes; MLflow's prompts are written `name/version`. */
function clause({ type, name }: FilterField, path: string, comparator: string): string {
  const isRange = ['>', '>=', '<', '<='].includes(comparator);
  const isNumber = type === 'number' || (type === 'text or number' && isRange);
  const value = isNumber ? '1' : name === 'prompt' ? "'a/1'" : "'1'";
  if (comparator.endsWith('NULL')) return `${path} ${comparator}`;
  return `${path} ${comparator} ${comparator.endsWith('IN') ? `(${value})` : value}`;
}

describe('FILTER_FIELDS', () => {
  it('has every name once', () => {
    const names = FILTER_FIELDS.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(
    FILTER_FIELDS.flatMap((field) =>
      [field.name, ...field.aliases].map((name) => [name, field] as const),
    ),
  )('lists exactly the comparators that the parser takes after %s', (name, field) => {
    const path = field.keyed ? `${name}.a` : name;
    const taken = ALL.filter((comparator) => parseFilter(clause(field, path, comparator)).ok);
    expect(new Set(taken)).toEqual(new Set(field.comparators));
  });

  it.each(FILTER_FIELDS.filter(({ keyed, name }) => !keyed && !name.includes('.')))(
    'takes entities before $name',
    (field) => {
      const plain = parseFilter(clause(field, field.name, '='));
      expect(plain.ok).toBe(true);
      for (const entity of ['attribute', 'attributes', 'trace']) {
        expect(parseFilter(clause(field, `${entity}.${field.name}`, '='))).toEqual(plain);
      }
    },
  );

  it.each(FILTER_FIELDS)('has an example of $name that is one clause on it', (field) => {
    const parsed = parseFilter(field.example);
    expect(parsed).toMatchObject({ ok: true, filter: { field: { name: field.name } } });
  });
});
