/** Of a filter string, in UTF-16 units. */
export const MAX_FILTER_LENGTH = 10_000;
/** A list of numbers counts as one clause a number. */
export const MAX_CLAUSES = 100;
/** Of parentheses and NOTs inside one another. */
export const MAX_DEPTH = 30;
/** Of IN and NOT IN. */
export const MAX_LIST_VALUES = 1_000;
/** Of LIKE, ILIKE and RLIKE, in UTF-16 units. */
export const MAX_PATTERN_LENGTH = 1_000;
/** Each repetition of RLIKE copies what it repeats, so their sum bounds the size of the compiled pattern. */
export const MAX_PATTERN_REPETITIONS = 1_000;
