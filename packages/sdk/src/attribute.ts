/**
 * Reads one span attribute as MLflow writes it: JSON text from the Python client, plain values from
 * the TypeScript client. Text that is not JSON stays text. Bare NaN and Infinity, which Python's json
 * writes, become null.
 */
export function decodeAttribute(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return decodePythonJson(value);
  }
}

const STRING_OR_NON_FINITE = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;

function decodePythonJson(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return text;
  const replaced = text.replace(STRING_OR_NON_FINITE, (token) =>
    token.startsWith('"') ? token : 'null',
  );
  try {
    return JSON.parse(replaced);
  } catch {
    return text;
  }
}
