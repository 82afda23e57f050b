/**
 * JSON text of a value, with a bigint as the integer that it is (JSON.stringify refuses it, and a number
 * cannot hold nanoseconds). What JSON has no word for is null, or left out as a field.
 */
export function exactJsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'function' || typeof value === 'symbol') return 'null';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(exactJsonText).join(',')}]`;
  return jsonObjectText(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([key, field]) => [key, exactJsonText(field)]),
  );
}

/** A JSON object of fields that are JSON text; those that are undefined are left out. */
export function jsonObjectText(fields: readonly (readonly [string, string | undefined])[]): string {
  const written = fields.flatMap(([key, text]) =>
    text === undefined ? [] : [`${JSON.stringify(key)}:${text}`],
  );
  return `{${written.join(',')}}`;
}
