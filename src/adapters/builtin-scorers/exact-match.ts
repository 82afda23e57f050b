import { Feedback, notApplicable } from '@assay/sdk';
import { z } from 'zod';
import { outputsText } from '../../core/outputs-text.ts';
import { defineBuiltin } from './builtin.ts';
import { anyValue, someText, trueOrFalse } from './config-fields.ts';
import { expectationOf } from './expectation.ts';
import { parseJson } from './parse-json.ts';
import { quote } from './quote.ts';
import { isSameJson } from './same-json.ts';

const configSchema = z.strictObject({
  expected: anyValue()
    .optional()
    .describe('What the outputs must be. Without it, each trace brings its own expectation.'),
  expectation: someText()
    .default('expected_response')
    .describe('The name of the expectation in the trace.'),
  case_sensitive: trueOrFalse().default(true).describe('Whether upper and lower case differ.'),
  trim: trueOrFalse()
    .default(false)
    .describe('Whether white space at both ends is left out of the comparison.'),
});

interface TextOptions {
  readonly case_sensitive: boolean;
  readonly trim: boolean;
}

/**
 * Whether the outputs are what was expected. An expected text is compared with the outputs as text
 * (core/outputs-text.ts), any other expected value as JSON: key order does not matter, and outputs that
 * are JSON text count as what they hold. Not applicable where neither the configuration nor the trace
 * says what is expected.
 */
export const exactMatch = defineBuiltin({
  name: 'exact_match',
  summary: 'The outputs are exactly the expected ones.',
  revision: 1,
  configSchema,
  prepare: ({ expected, expectation, ...options }) => {
    return (trace) => {
      const sought = expected ?? expectationOf(trace, expectation);
      if (sought === null) return notApplicable(`the trace has no expectation '${expectation}'`);
      return typeof sought === 'string'
        ? compareTexts(sought, outputsText(trace.outputs), options)
        : compareJson(sought, trace.outputs);
    };
  },
});

function compareTexts(expected: string, actual: string, options: TextOptions): Feedback {
  const a = normalize(expected, options);
  const b = normalize(actual, options);
  if (a === b) return new Feedback({ value: true, rationale: 'the outputs are as expected' });
  const from = firstDifference(a, b);
  const where = from === 0 ? '' : ` from character ${from + 1} on`;
  return new Feedback({
    value: false,
    rationale: `expected ${quote(a.slice(from))}${where}, got ${quote(b.slice(from))}`,
  });
}

function normalize(text: string, { case_sensitive, trim }: TextOptions): string {
  const folded = case_sensitive ? text : text.toLowerCase();
  return trim ? folded.trim() : folded;
}

/** Index of the first character that differs, never inside a surrogate pair. */
function firstDifference(a: string, b: string): number {
  let index = 0;
  while (index < a.length && a.charCodeAt(index) === b.charCodeAt(index)) index += 1;
  const insidePair = index > 0 && /[\uD800-\uDBFF]/.test(a.charAt(index - 1));
  return insidePair ? index - 1 : index;
}

function compareJson(expected: unknown, outputs: unknown): Feedback {
  const parsed = typeof outputs === 'string' ? parseJson(outputs) : undefined;
  const actual = parsed?.ok === true ? parsed.value : outputs;
  if (isSameJson(expected, actual)) {
    return new Feedback({ value: true, rationale: 'the outputs are as expected' });
  }
  return new Feedback({
    value: false,
    rationale: `expected ${quote(expected)}, got ${quote(actual)}`,
  });
}
