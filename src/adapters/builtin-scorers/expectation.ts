import type { Trace } from '@assay/sdk';

/** The value of one expectation that the trace carries; null when it carries none of that name. */
export function expectationOf({ expectations }: Trace, name: string): unknown {
  if (expectations === undefined || !Object.hasOwn(expectations, name)) return null;
  return expectations[name] ?? null;
}
