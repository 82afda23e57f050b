import type { OrderKey, SearchOrder } from './search-order.ts';

/**
 * The whole order of a search, as MLflow has it: what was asked for, then newest first, then by id. A key that was
 * given twice counts once. Where several experiments are searched, their ids tell traces of one id apart.
 */
export function completeOrder(
  asked: readonly OrderKey[],
  { experiments }: { readonly experiments: number },
): SearchOrder {
  const keys: readonly OrderKey[] = [
    ...asked,
    { field: 'timestamp_ms', descending: true },
    { field: 'request_id', descending: false },
    ...(experiments > 1 ? [{ field: 'experiment_id', descending: false } as const] : []),
  ];
  const names = keys.map(nameOf);
  return keys.filter((_, index) => names.indexOf(names[index] ?? '') === index);
}

function nameOf({ field }: OrderKey): string {
  return typeof field === 'string' ? field : `${field.name}.${field.key}`;
}
