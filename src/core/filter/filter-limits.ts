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

/**
 * The limits below keep one clause on a text of 10 MiB to about 200 ms: a filter is evaluated between the records of
 * the live stream.
 */

/** Characters of LIKE and ILIKE between two `%`, from the first that is no `_` to the last, with `_` among them. */
export const MAX_GAPPED_LENGTH = 128;
/** Of a regular expression: RE2's instructions, about one a character, with repetitions written out. */
export const MAX_PATTERN_SIZE = 500;
/** RLIKE sees so many characters of a value, divided by the size of the pattern: each may cost that many steps. */
export const MAX_RLIKE_STEPS = 8_000_000;
