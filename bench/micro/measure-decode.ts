import { decodeTrace } from '../../src/core/decode/decode-trace.ts';
import { type Measurement, measure } from './measure.ts';

/** For reference: a trace is decoded once, and all the rest is done on it. */
export function measureDecode(lines: readonly string[]): readonly Measurement[] {
  const values = lines.map((line) => new TextEncoder().encode(line));
  const bytes = values.reduce((sum, { length }) => sum + length, 0);
  const mean = (bytes / values.length / 1000).toFixed(1);
  return [
    measure(`traces decoded, of ${mean} kB in the mean`, values.length, () => {
      for (const value of values) {
        if (!decodeTrace(value).ok) throw new Error('a trace of the example is not decoded');
      }
    }),
  ];
}
