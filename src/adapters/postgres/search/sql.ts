/** A value that a statement gets as a parameter, and the type it has there. */
export interface Bound {
  readonly value: string | number | readonly string[];
  readonly type: 'text' | 'text[]' | 'double precision' | 'integer' | 'bigint' | 'timestamptz';
}

/** SQL in pieces, so that parameters are numbered once the whole statement stands. */
export type Sql = readonly (string | Bound)[];

export interface RenderedSql {
  readonly sql: string;
  readonly params: readonly Bound['value'][];
}

/** SQL from a template; what is inserted is SQL or a parameter, never bare text. */
export function sql(texts: TemplateStringsArray, ...pieces: readonly (Sql | Bound)[]): Sql {
  return texts.flatMap((text, index): (string | Bound)[] => {
    const piece = pieces[index];
    if (piece === undefined) return [text];
    return [text, ...('value' in piece ? [piece] : piece)];
  });
}

/** SQL that this program holds as text: never a value of somebody else's. */
export function raw(text: string): Sql {
  return [text];
}

export function joinSql(parts: readonly Sql[], separator: string): Sql {
  return parts.flatMap((part, index) => (index === 0 ? part : [separator, ...part]));
}

/** Numbers the parameters from `after` + 1 on. */
export function renderSql(pieces: Sql, after = 0): RenderedSql {
  const params: Bound['value'][] = [];
  const texts = pieces.map((piece) => {
    if (typeof piece === 'string') return piece;
    params.push(piece.value);
    return `$${after + params.length}::${piece.type}`;
  });
  return { sql: texts.join(''), params };
}
