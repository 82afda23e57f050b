import { AssayError } from '../errors.ts';

/** Refuses what is not a number from 0 to 1: SAMPLE_RATE_INVALID. It takes anything, since a caller's types may not hold. */
export function requireSampleRate(rate: unknown): asserts rate is number {
  if (typeof rate === 'number' && rate >= 0 && rate <= 1) return;
  throw new AssayError(
    'SAMPLE_RATE_INVALID',
    `the sample rate ${show(rate)} is refused: expected a number from 0.0 to 1.0, such as 0.2 for every fifth trace`,
    { context: { field: 'sample_rate' } },
  );
}

function show(rate: unknown): string {
  if (typeof rate === 'number') return String(rate);
  return typeof rate === 'string' ? `${JSON.stringify(rate)}, a text,` : `of type ${typeof rate}`;
}
