const MAX_LENGTH = 100;

/** What kind of value it is, for error messages: `NaN`, `function`, `object`, `Date`. Never throws. */
export function describeType(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isFinite(value) ? 'number' : String(value);
  if (typeof value !== 'object') return typeof value;
  try {
    if (Array.isArray(value)) return 'list';
    const { constructor: maker } = value;
    if (typeof maker !== 'function' || maker.name === 'Object') return 'object';
    return maker.name.slice(0, MAX_LENGTH) || 'object';
  } catch {
    return 'object';
  }
}
