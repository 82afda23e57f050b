import type { AndNode, FilterClause, FilterNode, NumberClause, SpanField } from '../filter-node.ts';

export type SpanClause = Exclude<FilterClause, NumberClause> & { readonly field: SpanField };

export function isSpanClause(node: FilterClause): node is SpanClause {
  return node.field.name.startsWith('span.');
}

/** The operands of an AND, parted by what they speak of. */
export interface Scopes {
  /** Each speaks for itself. */
  readonly apart: readonly FilterNode[];
  /** They speak of one and the same span: none, or two and more. */
  readonly together: readonly FilterNode[];
}

/**
 * The same-span rule: the span clauses that an AND joins, also through ORs, speak of one span. An AND in
 * parentheses of its own has a span of its own, and a NOT denies what holds for the trace.
 *
 *   span.name = 'a' AND (span.type = 'LLM' OR span.type = 'TOOL')   one span
 *   (span.name = 'a' AND span.type = 'LLM') AND span.name = 'b'     two spans, which may be the same one
 *   span.name = 'a' AND NOT span.name = 'b'                         a span called a, and none called b
 */
export function scopesOf({ operands }: AndNode): Scopes {
  const together = operands.filter((operand) => operand.kind !== 'and' && reachesSpan(operand));
  if (together.length < 2) return { apart: operands, together: [] };
  return { apart: operands.filter((operand) => !together.includes(operand)), together };
}

/** Whether a span clause is reached without passing a NOT or an AND that has a span of its own. */
function reachesSpan(node: FilterNode): boolean {
  switch (node.kind) {
    case 'not':
      return false;
    case 'or':
      return node.operands.some(reachesSpan);
    case 'and':
      return node.operands.some((operand) => operand.kind !== 'and' && reachesSpan(operand));
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return isSpanClause(node);
  }
}
