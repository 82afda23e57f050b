import { toFilterInvalid } from './filter-invalid.ts';
import type { FilterNode } from '../filter-node.ts';
import { parseFilter } from './parse-filter.ts';

/** The parsed filter. Throws FILTER_INVALID with the column and what was expected there. */
export function requireFilter(filterString: string): FilterNode {
  const parsed = parseFilter(filterString);
  if (parsed.ok) return parsed.filter;
  throw toFilterInvalid(filterString, parsed.error);
}
