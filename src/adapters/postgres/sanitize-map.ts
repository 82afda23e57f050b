import { sanitizeText } from '@assay/sdk';

/** The same map with keys and values that Postgres can hold. Keys that become equal: the last one stays. */
export function sanitizeMap(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(map).map(([key, value]) => [sanitizeText(key), sanitizeText(value)]),
  );
}
