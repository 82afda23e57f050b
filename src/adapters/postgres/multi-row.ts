/** What pg can send as a parameter. */
export type Parameter = string | number | boolean | Uint8Array | null;

/** One column of a multi-row statement. */
export interface Column<Entry> {
  /** As in SQL, quoted where SQL wants it. */
  readonly name: string;
  /** Type of the parameter. */
  readonly type: string;
  readonly value: (entry: Entry, index: number) => Parameter;
  /** SQL that makes the column of the parameter, where they differ. */
  readonly convert?: (parameter: string) => string;
}

export interface MultiRow {
  /** A table expression: `(values ($1::text, …), …) as alias (columns)`. */
  readonly text: string;
  readonly values: readonly Parameter[];
}

export interface MultiRowOptions {
  readonly alias: string;
  /** Number of parameters that the statement has before these. */
  readonly after?: number;
}

/** The protocol counts parameters in 16 bits. */
const MAX_PARAMETERS = 65_535;

/**
 * Entries as a table of parameters. Types stand in the first row; Postgres gives them to the rows below.
 * At least one entry. Throws RangeError for more parameters than one statement can have.
 */
export function multiRow<Entry>(
  columns: readonly Column<Entry>[],
  entries: readonly Entry[],
  { alias, after = 0 }: MultiRowOptions,
): MultiRow {
  if (after + entries.length * columns.length > MAX_PARAMETERS) {
    throw new RangeError(
      `${entries.length} rows of ${columns.length} columns are too many for one statement`,
    );
  }
  const values: Parameter[] = [];
  const rows = entries.map((entry, index) => {
    const cells = columns.map(({ type, value }) => {
      values.push(value(entry, index));
      const parameter = `$${after + values.length}`;
      return index === 0 ? `${parameter}::${type}` : parameter;
    });
    return `(${cells.join(',')})`;
  });
  return { text: `(values ${rows.join(',')}) as ${alias} (${columnNames(columns)})`, values };
}

/** The columns as a list: what to insert into. */
export function columnNames<Entry>(columns: readonly Column<Entry>[]): string {
  return columns.map(({ name }) => name).join(', ');
}

/** The columns as expressions over a table of parameters: what to insert. */
export function columnValues<Entry>(columns: readonly Column<Entry>[], alias: string): string {
  return columns.map(({ name, convert }) => (convert ?? String)(`${alias}.${name}`)).join(', ');
}
