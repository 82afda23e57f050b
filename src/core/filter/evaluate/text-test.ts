import { compileRlike } from './compile-rlike.ts';
import type { ListClause, OrderComparator, TextClause, TextComparator } from '../filter-node.ts';
import { compileLike } from './match-like.ts';

/** What a clause asks of a value: that a text fits, or, with `not`, that none does. */
export interface TextTest {
  readonly not: boolean;
  readonly fits: (text: string) => boolean;
}

export function compileTextTest(clause: TextClause | ListClause): TextTest {
  if (clause.kind === 'list') {
    const values = new Set(clause.values);
    return { not: clause.comparator === 'NOT IN', fits: (text) => values.has(text) };
  }
  const { comparator, value } = clause;
  return { not: NEGATED.has(comparator), fits: compileFit(comparator, value) };
}

const NEGATED: ReadonlySet<TextComparator> = new Set(['!=', 'NOT LIKE', 'NOT ILIKE', 'NOT RLIKE']);

function compileFit(comparator: TextComparator, value: string): TextTest['fits'] {
  switch (comparator) {
    case '=':
    case '!=':
      return (text) => text === value;
    case 'LIKE':
    case 'NOT LIKE':
      return compileLike(value);
    case 'ILIKE':
    case 'NOT ILIKE': {
      const matches = compileLike(value.toLowerCase());
      return (text) => matches(text.toLowerCase());
    }
    case 'RLIKE':
    case 'NOT RLIKE': {
      const compiled = compileRlike(value);
      // The parser has refused bad patterns; one that comes by another way fits no text.
      return compiled.ok ? compiled.search : () => false;
    }
  }
}

export function compileNumberTest(
  comparator: OrderComparator,
  value: number,
): (number: number) => boolean {
  switch (comparator) {
    case '=':
      return (number) => number === value;
    case '!=':
      return (number) => number !== value;
    case '>':
      return (number) => number > value;
    case '>=':
      return (number) => number >= value;
    case '<':
      return (number) => number < value;
    case '<=':
      return (number) => number <= value;
  }
}
