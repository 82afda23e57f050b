import { isNestedDeeper } from './json-depth.ts';
import { parsePythonJson } from './python-json.ts';

/** What reads values recursively, JSON.stringify first of all, ends with a RangeError a little deeper. */
const MAX_DEPTH = 1000;

/**
 * Reads one span attribute as MLflow writes it: JSON text from the Python client, plain values from
 * the TypeScript client. Text that is not JSON stays text, and so does JSON of more than 1,000 levels.
 * Bare NaN and Infinity, which Python's json writes, become null.
 */
export function decodeAttribute(value: unknown): unknown {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || isNestedDeeper(value, MAX_DEPTH)) return value;
  try {
    return parsePythonJson(value);
  } catch {
    return value;
  }
}
