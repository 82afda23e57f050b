import type { Span } from '@assay/sdk';
import { actualOnSpan, actualValue } from './actual-value.ts';
import { compileFilter, compileOnSpan } from '../evaluate/compile-filter.ts';
import type { FilterFacts } from '../facts.ts';
import type { FilterClause, FilterNode } from '../filter-node.ts';
import { printClause } from '../print-filter.ts';
import { isSpanClause, scopesOf } from '../evaluate/span-scope.ts';

/** Why a filter holds for a trace, or does not: the filter's own tree with an answer at each node. JSON. */
export type FilterExplanation =
  | {
      readonly kind: 'clause';
      /** The clause in its canonical spelling. */
      readonly clause: string;
      readonly holds: boolean;
      /** What the trace has there, for people, shortened: `'prod'`, `412`, `no such tag`. */
      readonly actual: string;
    }
  | {
      /**
       * `same_span`: clauses that one span has to fulfil together. They are answered for the span that comes
       * nearest, which `actual` names.
       */
      readonly kind: 'and' | 'or' | 'not' | 'same_span';
      readonly holds: boolean;
      readonly operands: readonly FilterExplanation[];
    };

/** Answers as the compiled filter does. Slower: for people who ask, not for every trace. */
export function explainFilter(filter: FilterNode, facts: FilterFacts): FilterExplanation {
  switch (filter.kind) {
    case 'and': {
      const { apart, together } = scopesOf(filter);
      if (together.length === 0)
        return all(
          'and',
          apart.map((each) => explainFilter(each, facts)),
        );
      const oneSpan = explainSameSpan(together, facts);
      if (apart.length === 0) return oneSpan;
      return all('and', [...apart.map((each) => explainFilter(each, facts)), oneSpan]);
    }
    case 'or':
      return any(filter.operands.map((each) => explainFilter(each, facts)));
    case 'not':
      return not(explainFilter(filter.operand, facts));
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return explainClause(filter, facts);
  }
}

function explainClause(clause: FilterClause, facts: FilterFacts): FilterExplanation {
  return {
    kind: 'clause',
    clause: printClause(clause),
    holds: compileFilter(clause)(facts),
    actual: actualValue(clause, facts),
  };
}

function explainSameSpan(nodes: readonly FilterNode[], facts: FilterFacts): FilterExplanation {
  const span = nearestSpan(nodes, facts);
  return all(
    'same_span',
    nodes.map((node) => explainOnSpan(node, facts, span)),
  );
}

/** The span that fulfils most; of several the first. */
function nearestSpan(nodes: readonly FilterNode[], facts: FilterFacts): Span | undefined {
  const predicates = nodes.map(compileOnSpan);
  let nearest: Span | undefined;
  let most = -1;
  for (const span of facts.spans) {
    const fulfilled = predicates.filter((holds) => holds(facts, span)).length;
    if (fulfilled <= most) continue;
    nearest = span;
    most = fulfilled;
  }
  return nearest;
}

function explainOnSpan(
  node: FilterNode,
  facts: FilterFacts,
  span: Span | undefined,
): FilterExplanation {
  switch (node.kind) {
    case 'or':
      return any(node.operands.map((each) => explainOnSpan(each, facts, span)));
    case 'and':
      return all(
        'and',
        node.operands.map((each) =>
          each.kind === 'and' ? explainFilter(each, facts) : explainOnSpan(each, facts, span),
        ),
      );
    case 'not':
      return explainFilter(node, facts);
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      if (!isSpanClause(node)) return explainClause(node, facts);
      return {
        kind: 'clause',
        clause: printClause(node),
        holds: compileOnSpan(node)(facts, span),
        actual: actualOnSpan(node, span, facts.spans),
      };
  }
}

function all(kind: 'and' | 'same_span', operands: readonly FilterExplanation[]): FilterExplanation {
  return { kind, holds: operands.every(({ holds }) => holds), operands };
}

function any(operands: readonly FilterExplanation[]): FilterExplanation {
  return { kind: 'or', holds: operands.some(({ holds }) => holds), operands };
}

function not(operand: FilterExplanation): FilterExplanation {
  return { kind: 'not', holds: !operand.holds, operands: [operand] };
}

export interface DescribeOptions {
  /** Only what makes the filter false; nothing where it holds. */
  readonly only?: 'false';
}

/**
 * The explanation as indented lines, each with a mark for holds (✓) or does not (✗):
 *
 *   ✗ all of
 *     ✓ status = 'OK'  here: 'OK'
 *     ✗ tags.env = 'prod'  here: no such tag
 */
export function describeExplanation(
  explanation: FilterExplanation,
  { only }: DescribeOptions = {},
): string {
  if (only === 'false' && explanation.holds) return '';
  return linesOf(explanation, only === 'false').join('\n');
}

const HEADINGS = {
  and: 'all of',
  or: 'one of',
  not: 'not',
  same_span: 'one span with all of',
} as const;

/** `decisive`: leaves out the operands without which the answer of their node would be the same. */
function linesOf(explanation: FilterExplanation, decisive: boolean): readonly string[] {
  const mark = explanation.holds ? '✓' : '✗';
  if (explanation.kind === 'clause') {
    return [`${mark} ${explanation.clause}  here: ${explanation.actual}`];
  }
  const { kind, operands } = explanation;
  if (operands.length === 0) return [`${mark} the empty filter, which every trace passes`];
  const shown =
    decisive && kind !== 'not'
      ? operands.filter(({ holds }) => holds === explanation.holds)
      : operands;
  const below = shown.flatMap((operand) => linesOf(operand, decisive));
  return [`${mark} ${HEADINGS[kind]}`, ...below.map((line) => `  ${line}`)];
}
