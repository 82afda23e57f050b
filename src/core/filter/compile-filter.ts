import { compileRlike } from './compile-rlike.ts';
import type { FilterFacts } from './facts.ts';
import type {
  FilterClause,
  FilterNode,
  NumberClause,
  NumberField,
  TextClause,
  TextField,
} from './filter-node.ts';
import { matchLike } from './match-like.ts';

export type FilterPredicate = (facts: FilterFacts) => boolean;

/**
 * Turns a parsed filter into a predicate. It never throws, and reads only the facts that its clauses name.
 * A value that is missing (no such tag, no duration yet) matches IS NULL and nothing else, not even `!=`.
 */
export function compileFilter(filter: FilterNode): FilterPredicate {
  if (filter.kind !== 'and') return compileClause(filter);
  const predicates = filter.operands.map(compileClause);
  return (facts) => predicates.every((holds) => holds(facts));
}

function compileClause(clause: FilterClause): FilterPredicate {
  switch (clause.kind) {
    case 'text': {
      const read = textReader(clause.field);
      const test = textTest(clause);
      return (facts) => {
        const value = read(facts);
        return value !== undefined && test(value);
      };
    }
    case 'number':
      return compileNumber(clause);
    case 'list': {
      const read = textReader(clause.field);
      const values = new Set(clause.values);
      const wanted = clause.comparator === 'IN';
      return (facts) => {
        const value = read(facts);
        return value !== undefined && values.has(value) === wanted;
      };
    }
    case 'presence': {
      const read = textReader(clause.field);
      const wanted = clause.comparator === 'IS NOT NULL';
      return (facts) => (read(facts) !== undefined) === wanted;
    }
  }
}

function textTest({ comparator, value }: TextClause): (text: string) => boolean {
  switch (comparator) {
    case '=':
      return (text) => text === value;
    case '!=':
      return (text) => text !== value;
    case 'LIKE':
      return (text) => matchLike(text, value);
    case 'ILIKE': {
      const pattern = value.toLowerCase();
      return (text) => matchLike(text.toLowerCase(), pattern);
    }
    case 'RLIKE': {
      const compiled = compileRlike(value);
      // The parser has refused bad patterns; one that comes by another way finds nothing.
      return compiled.ok ? compiled.search : () => false;
    }
  }
}

function compileNumber({ field, comparator, value }: NumberClause): FilterPredicate {
  const read = numberReader(field);
  const test = numberTest(comparator, value);
  return (facts) => {
    const number = read(facts);
    return number !== null && test(number);
  };
}

function numberTest(
  comparator: NumberClause['comparator'],
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

function textReader(field: TextField): (facts: FilterFacts) => string | undefined {
  switch (field.name) {
    case 'status':
      return (facts) => facts.status;
    case 'name':
      return (facts) => facts.name;
    case 'tags':
      return (facts) => own(facts.tags, field.key);
    case 'metadata':
      return (facts) => own(facts.metadata, field.key);
  }
}

function numberReader(field: NumberField): (facts: FilterFacts) => number | null {
  switch (field.name) {
    case 'timestamp_ms':
      return (facts) => facts.timestampMs;
    case 'execution_time_ms':
      return (facts) => facts.executionDurationMs;
  }
}

function own(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
