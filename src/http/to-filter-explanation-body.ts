import type { FilterExplanationBody } from '../contract/http/filters.ts';
import type { FilterExplanation } from '../core/filter/explain/explain-filter.ts';

export function toFilterExplanationBody(explanation: FilterExplanation): FilterExplanationBody {
  if (explanation.kind === 'clause') return { ...explanation };
  const { kind, holds, operands } = explanation;
  return { kind, holds, operands: operands.map(toFilterExplanationBody) };
}
