/** One key that found traces are ordered by. */
export interface OrderKey {
  readonly field:
    | 'timestamp_ms'
    | 'execution_time_ms'
    | 'end_time_ms'
    | 'status'
    | 'request_id'
    | 'name'
    | 'run_id'
    | 'experiment_id'
    | { readonly name: 'tags' | 'metadata'; readonly key: string };
  readonly descending: boolean;
}

/**
 * Texts other than ids are ordered by so many of their first code points: the key of a trace travels in a URL, as part
 * of the page token.
 */
export const ORDERED_CHARACTERS = 250;

/** Traces without a value come last, whatever the direction. Ends in keys that no two traces share. */
export type SearchOrder = readonly OrderKey[];

/** Where a trace stands in a SearchOrder: one value for each key, null where it has none. Text or finite numbers. */
export type SearchKey = readonly (string | number | null)[];
