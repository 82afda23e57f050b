import fc from 'fast-check';
import type {
  FilterClause,
  FilterNode,
  TextClause,
} from '../../../../src/core/filter/filter-node.ts';
import { filterNode } from '../../../core/filter/arbitrary-filter.ts';
import { key, someNumber, timeMs, word } from './arbitrary-trace.ts';

/** What takes the place of a clause's own texts, keys and numbers. */
interface Replacements {
  readonly texts: readonly string[];
  readonly patterns: readonly string[];
  readonly keys: readonly string[];
  readonly numbers: readonly number[];
}

const pattern = fc
  .tuple(word, fc.constantFrom('', '%', '_'), fc.constantFrom('', '%', '_'), fc.boolean())
  .map(([text, before, after, upper]) => `${before}${upper ? text.toUpperCase() : text}${after}`);

const replacements: fc.Arbitrary<Replacements> = fc.record({
  texts: fc.array(word, { minLength: 3, maxLength: 6 }),
  patterns: fc.array(pattern, { minLength: 3, maxLength: 6 }),
  keys: fc.array(key, { minLength: 2, maxLength: 4 }),
  numbers: fc.array(
    fc
      .tuple(fc.oneof(someNumber, timeMs), fc.constantFrom(0, 0.5, -1, 1))
      .map(([number, shift]) => number + shift),
    { minLength: 2, maxLength: 4 },
  ),
});

/** Any filter, most of them with values that occur in the traces of `traceText`. */
export const searchFilter: fc.Arbitrary<FilterNode> = fc.oneof(
  { weight: 1, arbitrary: filterNode },
  {
    weight: 4,
    arbitrary: fc.tuple(filterNode, replacements).map(([node, from]) => fill(node, from)),
  },
);

function fill(node: FilterNode, from: Replacements): FilterNode {
  let count = 0;
  const next = <Item>(items: readonly Item[]): Item => {
    const item = items[count++ % items.length];
    if (item === undefined) throw new Error('there is none');
    return item;
  };
  const walk = (each: FilterNode): FilterNode => {
    switch (each.kind) {
      case 'and':
      case 'or':
        return { ...each, operands: each.operands.map(walk) };
      case 'not':
        return { ...each, operand: walk(each.operand) };
      case 'text':
      case 'number':
      case 'list':
      case 'presence':
        return fillClause(each);
    }
  };
  const withKey = <Clause extends FilterClause>(clause: Clause): Clause =>
    'key' in clause.field
      ? { ...clause, field: { ...clause.field, key: next(from.keys) } }
      : clause;
  const fillClause = (clause: FilterClause): FilterClause => {
    switch (clause.kind) {
      case 'number':
        return { ...withKey(clause), value: next(from.numbers) };
      case 'list':
        return { ...withKey(clause), values: clause.values.map(() => next(from.texts)) };
      case 'presence':
        return withKey(clause);
      case 'text':
        return { ...withKey(clause), value: valueOf(clause) };
    }
  };
  const valueOf = ({ field, comparator, value }: TextClause): string => {
    if (field.name === 'prompt') return value;
    if (comparator.endsWith('RLIKE')) return next([value, '^a', 'ERR', 'stock', '^gpt-4', 'a.*b']);
    return comparator.endsWith('LIKE') ? next(from.patterns) : next(from.texts);
  };
  return walk(node);
}
