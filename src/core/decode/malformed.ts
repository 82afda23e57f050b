/**
 * What is wrong with a record, thrown by the readers of this folder and caught in `decodeTrace`
 * alone: a result type through every reader would double their code and cost time on each field.
 */
export class Malformed extends Error {
  /** Path of the field at fault, as the record spells it; null for the record as a whole. */
  readonly field: string | null;

  constructor(field: string | null, problem: string) {
    super(field === null ? problem : `${field}: ${problem}`);
    this.name = 'Malformed';
    this.field = field;
  }
}

/** The complaint about one value: what was expected there, and the kind of what was found. */
export function unexpected(field: string | null, expected: string, found: unknown): Malformed {
  return new Malformed(field, `expected ${expected}, found ${kindOf(found)}`);
}

/** What a value is, without quoting it: records hold what users wrote. */
function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
