import type { Span } from '@assay/sdk';
import { compileClause, compileSpanClause } from './compile-clause.ts';
import type { FilterFacts } from '../facts.ts';
import type { FilterNode } from '../filter-node.ts';
import { isSpanClause, scopesOf } from './span-scope.ts';

export type FilterPredicate = (facts: FilterFacts) => boolean;

/** undefined stands for a trace without spans, for which no clause about spans holds. */
export type SpanPredicate = (facts: FilterFacts, span: Span | undefined) => boolean;

/**
 * Turns a parsed filter into a predicate. It never throws, and reads only the facts that its clauses name.
 * A value that is missing (no such tag, no duration yet) matches IS NULL and nothing else, not even `!=`.
 */
export function compileFilter(filter: FilterNode): FilterPredicate {
  switch (filter.kind) {
    case 'and': {
      const { apart, together } = scopesOf(filter);
      const predicates = apart.map(compileFilter);
      // Clauses about the trace come first: spans take longer.
      return every(together.length === 0 ? predicates : [...predicates, onOneSpan(together)]);
    }
    case 'or':
      return some(filter.operands.map(compileFilter));
    case 'not': {
      const holds = compileFilter(filter.operand);
      return (facts) => !holds(facts);
    }
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return compileClause(filter);
  }
}

/** Whether one span fulfils them all. */
function onOneSpan(nodes: readonly FilterNode[]): FilterPredicate {
  const predicates = nodes.map(compileOnSpan);
  const fulfils: SpanPredicate = (facts, span) => predicates.every((holds) => holds(facts, span));
  return (facts) =>
    facts.spans.length === 0
      ? fulfils(facts, undefined)
      : facts.spans.some((span) => fulfils(facts, span));
}

/** One of the nodes that speak of the same span, for a given span. */
export function compileOnSpan(node: FilterNode): SpanPredicate {
  switch (node.kind) {
    case 'or': {
      const predicates = node.operands.map(compileOnSpan);
      return (facts, span) => predicates.some((holds) => holds(facts, span));
    }
    case 'and': {
      const predicates = node.operands.map((operand) =>
        operand.kind === 'and' ? compileFilter(operand) : compileOnSpan(operand),
      );
      return (facts, span) => predicates.every((holds) => holds(facts, span));
    }
    case 'not':
      return compileFilter(node);
    case 'text':
    case 'number':
    case 'list':
    case 'presence': {
      if (!isSpanClause(node)) return compileClause(node);
      const holds = compileSpanClause(node);
      return (_, span) => span !== undefined && holds(span);
    }
  }
}

function every(predicates: readonly FilterPredicate[]): FilterPredicate {
  return (facts) => predicates.every((holds) => holds(facts));
}

function some(predicates: readonly FilterPredicate[]): FilterPredicate {
  return (facts) => predicates.some((holds) => holds(facts));
}
