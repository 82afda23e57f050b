/** What the scorer's own code is called in stack traces. */
export const SCORER_FILE = 'scorer.js';

/** Lines that stand before the scorer's first one in what is compiled. */
export const LINES_BEFORE = 3;

const PLACE = new RegExp(`(?:eval at [^()]*\\(.*?\\), )?\\b${SCORER_FILE}:(\\d+):`);

/** A stack trace with the scorer's own places only, by its own line numbers. */
export function cleanStack(stack: string): string {
  return stack
    .split('\n')
    .filter((line) => !/^\s*at /.test(line) || PLACE.test(line))
    .map((line) =>
      /^\s*at /.test(line)
        ? line.replace(
            PLACE,
            (_, number: string) => `${SCORER_FILE}:${Number(number) - LINES_BEFORE}:`,
          )
        : line,
    )
    .join('\n');
}
