/** Why a filter string is refused. */
export interface FilterError {
  /** What is wrong there. */
  readonly message: string;
  /** Where, from 1, in UTF-16 units. */
  readonly column: number;
  /** What would be right there. */
  readonly expected: string;
}

/** Carries a FilterError from any depth of the parser to `parseFilter`, which turns it into a value. */
export class FilterRefusal extends Error {
  readonly error: FilterError;

  constructor(error: FilterError) {
    super(error.message);
    this.name = 'FilterRefusal';
    this.error = error;
  }
}

/** Refuses the filter at an index of its text. */
export function refuse(
  start: number,
  { message, expected }: { readonly message: string; readonly expected: string },
): never {
  throw new FilterRefusal({ message, column: start + 1, expected });
}
