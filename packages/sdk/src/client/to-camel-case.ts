import { isJsonObject } from '../read-fields.ts';

/** Fields whose own keys are data, not names: they stay as they are. */
const MAPS: ReadonlySet<string> = new Set(['definition', 'tags', 'metadata', 'ineligible']);

/** An answer of the API with its fields in camelCase, at every depth but in maps. */
export function toCamelCase(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(toCamelCase);
  if (!isJsonObject(answer)) return answer;
  return Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      MAPS.has(key) ? value : toCamelCase(value),
    ]),
  );
}
