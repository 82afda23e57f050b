import { Feedback, notApplicable } from '@assay/sdk';
import { z } from 'zod';
import { defineBuiltin } from './builtin.ts';
import { wholeNumber } from './config-fields.ts';
import { type TokenUsage, tokenUsageOf } from './token-usage.ts';

const configSchema = z
  .strictObject({
    max_total: wholeNumber().optional().describe('The most tokens, input and output together.'),
    max_input: wholeNumber().optional().describe('The most input tokens.'),
    max_output: wholeNumber().optional().describe('The most output tokens.'),
  })
  .refine((limits) => Object.values(limits).some((limit) => limit !== undefined), {
    error: 'expected at least one of max_total, max_input, max_output',
  });

type Limits = z.output<typeof configSchema>;

/** One limit beside what was used; `used` is null where the trace does not say. */
interface Comparison {
  readonly what: string;
  readonly used: number | null;
  readonly limit: number;
}

/**
 * Whether a trace stayed within its budget of tokens (token-usage.ts). Not applicable where the trace
 * says nothing of its tokens, or not what it takes to decide.
 */
export const tokenBudget = defineBuiltin({
  name: 'token_budget',
  summary: 'The trace used no more tokens than given.',
  revision: 1,
  configSchema,
  prepare: (limits) => (trace) => {
    const usage = tokenUsageOf(trace);
    if (usage === undefined) return notApplicable('the trace does not say how many tokens it used');
    const comparisons = compare(usage, limits);
    const over = comparisons.filter(({ used, limit }) => used !== null && used > limit);
    const unknown = comparisons.filter(({ used }) => used === null);
    if (over.length === 0 && unknown.length > 0) {
      const missing = unknown.map(({ what }) => what).join(' and ');
      return notApplicable(`the trace does not say its ${missing} tokens`);
    }
    const told = over.length > 0 ? over : comparisons;
    return new Feedback({
      value: over.length === 0,
      rationale: told.map(({ what, used, limit }) => `${what}: ${used} of ${limit}`).join(', '),
    });
  },
});

function compare(usage: TokenUsage, limits: Limits): readonly Comparison[] {
  const all = [
    { what: 'total', used: usage.totalTokens, limit: limits.max_total },
    { what: 'input', used: usage.inputTokens, limit: limits.max_input },
    { what: 'output', used: usage.outputTokens, limit: limits.max_output },
  ];
  return all.flatMap(({ what, used, limit }) =>
    limit === undefined ? [] : [{ what, used, limit }],
  );
}
