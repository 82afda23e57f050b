import type { ExpectedToolCall } from './expected-tool-calls.ts';
import { isPartOf, isSameJson } from './same-json.ts';
import type { ToolCall } from './tool-calls.ts';

/**
 * How calls must fit what is expected:
 *
 *   any_order   each expected call has a call of its own
 *   in_order    the same, and in the expected order
 *   exact       the same, and nothing more: no further call, no further argument
 */
export const MATCH_MODES = ['any_order', 'in_order', 'exact'] as const;
export type MatchMode = (typeof MATCH_MODES)[number];

/** The first expected call that has no call of its own; undefined when all of them have. */
export function firstUnmatched(
  expected: readonly ExpectedToolCall[],
  made: readonly ToolCall[],
  mode: MatchMode,
): ExpectedToolCall | undefined {
  switch (mode) {
    case 'any_order':
      return firstUnpaired(expected, made);
    case 'in_order':
      return firstOutOfOrder(expected, made);
    case 'exact':
      return expected.find((each, index) => {
        const call = made[index];
        return call === undefined || !fits(each, call, isSameJson);
      });
  }
}

type Compare = (expected: unknown, actual: unknown) => boolean;

/** The earliest call that fits is always the best choice: it leaves most calls to those that follow. */
function firstOutOfOrder(
  expected: readonly ExpectedToolCall[],
  made: readonly ToolCall[],
): ExpectedToolCall | undefined {
  let from = 0;
  for (const each of expected) {
    const found = made.findIndex((call, index) => index >= from && fits(each, call, isPartOf));
    if (found < 0) return each;
    from = found + 1;
  }
  return undefined;
}

/**
 * Pairs expected calls with calls, each used once (augmenting paths, as in bipartite matching): an
 * expectation without arguments must not take the only call that fits one with arguments.
 */
function firstUnpaired(
  expected: readonly ExpectedToolCall[],
  made: readonly ToolCall[],
): ExpectedToolCall | undefined {
  const takenBy = new Map<ToolCall, ExpectedToolCall>();

  function pair(each: ExpectedToolCall, visited: Set<ToolCall>): boolean {
    for (const call of made) {
      if (visited.has(call) || !fits(each, call, isPartOf)) continue;
      visited.add(call);
      const holder = takenBy.get(call);
      if (holder === undefined || pair(holder, visited)) {
        takenBy.set(call, each);
        return true;
      }
    }
    return false;
  }

  return expected.find((each) => !pair(each, new Set()));
}

function fits(expected: ExpectedToolCall, call: ToolCall, compare: Compare): boolean {
  if (expected.name !== call.name) return false;
  const { arguments: sought } = expected;
  if (sought === undefined || sought === null) return true;
  return call.argumentReadings.some((reading) => compare(sought, reading));
}
