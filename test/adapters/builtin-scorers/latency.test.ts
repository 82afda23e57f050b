import { Trace } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { buildTrace } from './build-trace.ts';
import { scoreBuiltin } from './score-builtin.ts';

const tookMs = (executionDurationMs: number | null) => ({ info: { executionDurationMs } });

describe('latency', () => {
  it('passes up to the limit and fails beyond it', async () => {
    expect(await scoreBuiltin('latency', { max_ms: 100 }, tookMs(100))).toEqual({
      value: true,
      rationale: 'took 100 ms, within the limit of 100 ms',
    });
    expect(await scoreBuiltin('latency', { max_ms: 100 }, tookMs(100.5))).toEqual({
      value: false,
      rationale: 'took 100.5 ms, beyond the limit of 100 ms',
    });
    expect(await scoreBuiltin('latency', { max_ms: 0.5 }, tookMs(0))).toMatchObject({
      value: true,
    });
  });

  it('takes the time of the root span where the trace says none', async () => {
    expect(await scoreBuiltin('latency', { max_ms: 119 }, tookMs(null))).toEqual({
      value: false,
      rationale: 'took 120 ms, beyond the limit of 119 ms',
    });
  });

  it('is not applicable without a duration, or with a negative one', async () => {
    const { info } = buildTrace(tookMs(null));
    expect(await scoreBuiltin('latency', { max_ms: 1 }, new Trace(info, []))).toEqual({
      notApplicable: 'the trace has no duration',
    });
    expect(await scoreBuiltin('latency', { max_ms: 1 }, tookMs(-5))).toEqual({
      notApplicable: 'the trace ends before it starts',
    });
  });
});
