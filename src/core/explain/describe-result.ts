import type { Position } from '../position.ts';
import type { PickResult } from '../result.ts';

/** How a result ended, for people: `it gave 2 feedback`. */
export function describeOutcome(result: PickResult): string {
  const { outcome, reason, feedback } = result;
  switch (outcome) {
    case 'scored':
      return `it gave ${feedback.length} feedback`;
    case 'no_feedback':
      return 'it had nothing to say';
    case 'not_applicable':
      return `it says that it does not apply: ${reason ?? 'no reason given'}`;
    case 'failed':
      return `the call failed: ${describeError(result)}`;
  }
}

/** `traces/2 offset 10482` */
export function describePosition({ topic, partition, offset }: Position): string {
  return `${topic}/${partition} offset ${offset}`;
}

function describeError({ feedback }: PickResult): string {
  const error = feedback.find((each) => each.error !== null)?.error;
  return error === undefined || error === null
    ? 'no error was kept'
    : `${error.code}: ${error.message}`;
}
