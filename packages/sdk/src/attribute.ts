import { parsePythonJson } from './python-json.ts';

/**
 * Reads one span attribute as MLflow writes it: JSON text from the Python client, plain values from
 * the TypeScript client. Text that is not JSON stays text. Bare NaN and Infinity, which Python's json
 * writes, become null.
 */
export function decodeAttribute(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string') return value;
  try {
    return parsePythonJson(value);
  } catch {
    return value;
  }
}
