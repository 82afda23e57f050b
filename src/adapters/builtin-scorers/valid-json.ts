import { Feedback } from '@assay/sdk';
import { z } from 'zod';
import { answerText } from '../../core/outputs-text.ts';
import { defineBuiltin } from './builtin.ts';
import { someTexts, trueOrFalse } from './config-fields.ts';
import { type ParsedJson, parseJson } from './parse-json.ts';
import { quoteAll } from './quote.ts';

const configSchema = z.strictObject({
  required_keys: someTexts()
    .optional()
    .describe('Keys that the JSON must have; it must then be an object.'),
  allow_fences: trueOrFalse()
    .default(false)
    .describe('Whether JSON inside a Markdown code fence (```json … ```) passes.'),
});

/**
 * Whether the outputs are JSON. Text, and the answer inside a chat response (core/outputs-text.ts), is
 * parsed; other values are JSON already. Always applicable: no outputs are not JSON.
 */
export const validJson = defineBuiltin({
  name: 'valid_json',
  summary: 'The outputs are JSON, with given keys if asked.',
  revision: 1,
  configSchema,
  prepare:
    ({ required_keys: requiredKeys = [], allow_fences: allowFences }) =>
    ({ outputs }) => {
      if (outputs === null) return failed('there are no outputs');
      const parsed = asJson(outputs, allowFences);
      if (!parsed.ok) return failed(`not JSON: ${parsed.problem}`);
      const missing = requiredKeys.filter((key) => !hasKey(parsed.value, key));
      if (missing.length > 0) {
        return failed(`JSON (${kindOf(parsed.value)}) without ${quoteAll(missing)}`);
      }
      return new Feedback({ value: true, rationale: `JSON (${kindOf(parsed.value)})` });
    },
});

function failed(rationale: string): Feedback {
  return new Feedback({ value: false, rationale });
}

function asJson(outputs: unknown, allowFences: boolean): ParsedJson {
  const text = answerText(outputs);
  if (text === undefined) return { ok: true, value: outputs };
  return parseJson(allowFences ? withoutFence(text) : text);
}

const FENCE = '```';

/** The content of the first code fence; the text itself where there is none. */
function withoutFence(text: string): string {
  const open = text.indexOf(FENCE);
  const from = open < 0 ? -1 : text.indexOf('\n', open);
  // At the start of a line: JSON may hold a fence inside a string.
  const to = from < 0 ? -1 : text.indexOf(`\n${FENCE}`, from);
  return to < 0 ? text : text.slice(from + 1, to);
}

function hasKey(value: unknown, key: string): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.hasOwn(value, key)
  );
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}
