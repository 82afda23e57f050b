import type { FilterNode } from '../../../core/filter/filter-node.ts';

/** Whether stored feedback counts for the filter. */
export function asksForFeedback(filter: FilterNode): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return filter.operands.some(asksForFeedback);
    case 'not':
      return asksForFeedback(filter.operand);
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return filter.field.name === 'feedback';
  }
}
