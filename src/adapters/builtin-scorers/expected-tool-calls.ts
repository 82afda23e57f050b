import { z } from 'zod';
import { someText } from './config-fields.ts';

/** A call that is expected; without arguments any will do. */
export interface ExpectedToolCall {
  readonly name: string;
  readonly arguments?: unknown;
}

const MAX_CALLS = 100;
const ERROR = `expected a list of at most ${MAX_CALLS} tool calls, each a name or { name, arguments }`;

/** `"search"` or `{ "name": "search", "arguments": { … } }`; null arguments mean any. */
const expectedToolCall = z.union(
  [
    someText(),
    z.strictObject(
      {
        name: someText(),
        arguments: z.record(z.string(), z.json()).nullable().exactOptional(),
      },
      { error: 'there are: name, arguments' },
    ),
  ],
  { error: 'expected the name of a tool or { name, arguments }' },
);

export const expectedToolCalls = z
  .array(expectedToolCall, { error: ERROR })
  .max(MAX_CALLS, { error: ERROR });

export function toExpectedCalls(
  calls: z.output<typeof expectedToolCalls>,
): readonly ExpectedToolCall[] {
  return calls.map((call) => (typeof call === 'string' ? { name: call } : call));
}

/**
 * An expectation of a trace, read like the configuration, except that more fields may be there; undefined
 * when it is not a list of tool calls.
 */
export function parseExpectation(value: unknown): readonly ExpectedToolCall[] | undefined {
  if (!Array.isArray(value) || value.length > MAX_CALLS) return undefined;
  const calls = value.map(toExpectedCall);
  return calls.every((call) => call !== undefined) ? calls : undefined;
}

function toExpectedCall(value: unknown): ExpectedToolCall | undefined {
  if (typeof value === 'string') return { name: value };
  if (typeof value !== 'object' || value === null || !('name' in value)) return undefined;
  if (typeof value.name !== 'string') return undefined;
  return { name: value.name, arguments: 'arguments' in value ? value.arguments : undefined };
}
