import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

const ofTrace = (usage: unknown) => ({
  info: { traceMetadata: { 'mlflow.trace.tokenUsage': JSON.stringify(usage) } },
});
const carrying = (usage: unknown) => ({ attributes: { 'mlflow.chat.tokenUsage': usage } });

describe('token_budget', () => {
  it('passes up to each limit and fails beyond one, naming it', async () => {
    const trace = ofTrace({ input_tokens: 100, output_tokens: 20, total_tokens: 120 });
    const limits = { max_total: 120, max_input: 100, max_output: 20 };
    expect(await scoreBuiltin('token_budget', limits, trace)).toEqual({
      value: true,
      rationale: 'total: 120 of 120, input: 100 of 100, output: 20 of 20',
    });
    expect(await scoreBuiltin('token_budget', { ...limits, max_output: 19 }, trace)).toEqual({
      value: false,
      rationale: 'output: 20 of 19',
    });
    expect(await scoreBuiltin('token_budget', { max_total: 0 }, trace)).toMatchObject({
      value: false,
    });
  });

  it('adds input and output up where no total is given', async () => {
    const trace = ofTrace({ input_tokens: '100', output_tokens: 20 });
    expect(await scoreBuiltin('token_budget', { max_total: 119 }, trace)).toMatchObject({
      value: false,
    });
  });

  it('sums spans up, without those below a span that has figures of its own', async () => {
    const spans = [
      { spanId: 'agent', ...carrying({ input_tokens: 10, output_tokens: 5, total_tokens: 15 }) },
      { spanId: 'chain', parentId: 'agent' },
      { spanId: 'llm', parentId: 'chain', ...carrying({ input_tokens: 10, output_tokens: 5 }) },
      { spanId: 'other', ...carrying({ input_tokens: 1, output_tokens: 1 }) },
    ];
    expect(await scoreBuiltin('token_budget', { max_total: 17 }, { spans })).toEqual({
      value: true,
      rationale: 'total: 17 of 17',
    });
    expect(await scoreBuiltin('token_budget', { max_input: 10 }, { spans })).toEqual({
      value: false,
      rationale: 'input: 11 of 10',
    });
  });

  it('is not applicable where the trace says nothing of its tokens', async () => {
    const reason = { notApplicable: 'the trace does not say how many tokens it used' };
    const usage = { total_tokens: 3 };
    const loop = [
      { spanId: 'a', parentId: 'b', ...carrying(usage) },
      { spanId: 'b', parentId: 'a', ...carrying(usage) },
    ];
    for (const trace of [
      {},
      { spans: loop },
      ofTrace(null),
      ofTrace('many'),
      ofTrace({ total_tokens: -1, input_tokens: 'x', output_tokens: null }),
    ]) {
      expect(await scoreBuiltin('token_budget', { max_total: 5 }, trace)).toEqual(reason);
    }
  });

  it('decides with what is known, and is not applicable where that is not enough', async () => {
    const trace = ofTrace({ total_tokens: 50 });
    const limits = { max_total: 60, max_output: 20, max_input: 30 };
    expect(await scoreBuiltin('token_budget', limits, trace)).toEqual({
      notApplicable: 'the trace does not say its input and output tokens',
    });
    expect(await scoreBuiltin('token_budget', { ...limits, max_total: 40 }, trace)).toEqual({
      value: false,
      rationale: 'total: 50 of 40',
    });
  });
});
