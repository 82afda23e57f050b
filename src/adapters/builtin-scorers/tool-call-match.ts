import { Feedback, notApplicable, type ScorerReturn, type Trace } from '@assay/sdk';
import { z } from 'zod';
import { jsonText } from '../../core/outputs-text.ts';
import { defineBuiltin } from './builtin.ts';
import { oneOf, someText } from './config-fields.ts';
import { expectationOf } from './expectation.ts';
import {
  type ExpectedToolCall,
  expectedToolCalls,
  parseExpectation,
  toExpectedCalls,
} from './expected-tool-calls.ts';
import { firstUnmatched, MATCH_MODES, type MatchMode } from './match-tool-calls.ts';
import { shorten } from './quote.ts';
import { type ToolCall, toolCallsOf } from './tool-calls.ts';

const configSchema = z.strictObject({
  expected: expectedToolCalls
    .optional()
    .describe(
      'Names of tools, or { name, arguments }. An empty list expects no call. Without it, each trace brings its own expectation.',
    ),
  expectation: someText()
    .default('expected_tool_calls')
    .describe('The name of the expectation in the trace, a list like expected.'),
  mode: oneOf(MATCH_MODES)
    .default('any_order')
    .describe(
      'any_order: each expected call was made, and more may be. in_order: in this order. exact: in this order and nothing more, neither calls nor arguments.',
    ),
});

/**
 * Whether the trace called the expected tools, with the expected arguments where they are given. Not
 * applicable where neither the configuration nor the trace says what is expected.
 */
export const toolCallMatch = defineBuiltin({
  name: 'tool_call_match',
  summary: 'The trace called the expected tools.',
  revision: 1,
  configSchema,
  prepare({ expected: configured, expectation, mode }) {
    const fixed = configured && toExpectedCalls(configured);
    return (trace) => {
      if (fixed !== undefined) return judge(fixed, trace, mode);
      const value = expectationOf(trace, expectation);
      if (value === null) return notApplicable(`the trace has no expectation '${expectation}'`);
      const expected = parseExpectation(value);
      return expected === undefined
        ? notApplicable(`the expectation '${expectation}' is not a list of tool calls`)
        : judge(expected, trace, mode);
    };
  },
});

function judge(expected: readonly ExpectedToolCall[], trace: Trace, mode: MatchMode): ScorerReturn {
  const made = toolCallsOf(trace);
  // Whatever the mode, an empty list says that no tool is to be called.
  const exact = mode === 'exact' || expected.length === 0;
  const unmatched = firstUnmatched(expected, made, mode);
  const called = made.length === 0 ? 'no tool was called' : `called ${namesOf(made)}`;
  if (unmatched !== undefined) return answer(false, `no call fits ${show(unmatched)}; ${called}`);
  if (exact && made.length > expected.length) {
    return answer(false, `expected ${expected.length} calls, got ${made.length}; ${called}`);
  }
  return answer(true, called);
}

function answer(value: boolean, rationale: string): Feedback {
  return new Feedback({ value, rationale });
}

function namesOf(calls: readonly ToolCall[]): string {
  return shorten(calls.map(({ name }) => name).join(', '));
}

function show({ name, arguments: sought }: ExpectedToolCall): string {
  return sought === undefined || sought === null ? name : shorten(`${name} ${jsonText(sought)}`);
}
