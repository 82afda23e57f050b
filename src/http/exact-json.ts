/** ES2026 "JSON.parse source text access": in Node 24, not yet in TypeScript's library. */
declare global {
  interface JSON {
    rawJSON(text: string): unknown;
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/**
 * Parses JSON so that stringifying it again writes every number as it was: nanoseconds beyond 2^53,
 * `5.0`, `1e400`. Such numbers are opaque raw JSON in the result. Throws SyntaxError.
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? JSON.rawJSON(source)
      : value,
  );
}
