import { Feedback, notApplicable, type Trace } from '@assay/sdk';
import { z } from 'zod';
import { defineBuiltin } from './builtin.ts';
import { positiveNumber } from './config-fields.ts';

const configSchema = z.strictObject({
  max_ms: positiveNumber().describe('The longest time that passes, in milliseconds.'),
});

/**
 * Whether the trace took at most a given time. Not applicable without a duration (the trace has not
 * ended) or with a negative one (the clock was set back meanwhile).
 */
export const latency = defineBuiltin({
  name: 'latency',
  summary: 'The trace took no longer than a given time.',
  revision: 1,
  configSchema,
  prepare:
    ({ max_ms: maxMs }) =>
    (trace) => {
      const durationMs = durationOf(trace);
      if (durationMs === null) return notApplicable('the trace has no duration');
      if (durationMs < 0) return notApplicable('the trace ends before it starts');
      const value = durationMs <= maxMs;
      const verdict = value ? 'within' : 'beyond';
      return new Feedback({
        value,
        rationale: `took ${round(durationMs)} ms, ${verdict} the limit of ${maxMs} ms`,
      });
    },
});

/** What the client says of the trace; else how long the root span took. */
function durationOf({ info, rootSpan }: Trace): number | null {
  return info.executionDurationMs ?? rootSpan?.durationMs ?? null;
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
