const GAP = '  ';
const MIN_LAST_WIDTH = 10;
// Line breaks would break the table, and escape sequences of stored text would reach the terminal.
// oxlint-disable-next-line no-control-regex -- these are the characters to take out
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;

/** One line of text out of anything: control characters become blanks. */
export function toOneLine(text: string): string {
  return text.replace(CONTROL, ' ');
}

/** Characters as people count them, nearly: an emoji is one, combined marks are not joined. */
function charactersOf(text: string): readonly string[] {
  return Array.from(text);
}

/** Cuts text to so many characters, with an ellipsis. */
export function cut(text: string, width: number): string {
  const characters = charactersOf(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
}

/** Columns under their headings, two blanks apart; the last one is cut so that lines fit into `width`. */
export function formatTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string {
  const cells = [headings, ...rows.map((row) => row.map(toOneLine))];
  const last = headings.length - 1;
  const widths = headings.map((_, column) =>
    Math.max(...cells.map((row) => charactersOf(row[column] ?? '').length)),
  );
  const used = widths.slice(0, last).reduce((sum, each) => sum + each + GAP.length, 0);
  const lastWidth = Math.max(MIN_LAST_WIDTH, width - used);
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === last ? cut(cell, lastWidth) : pad(cell, widths[column] ?? 0),
      )
      .join(GAP)
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** Names and values below one another. */
export function formatFields(fields: readonly (readonly [string, string])[]): string {
  const width = Math.max(...fields.map(([name]) => name.length));
  return fields.map(([name, value]) => `${pad(name, width)}${GAP}${toOneLine(value)}\n`).join('');
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - charactersOf(text).length));
}
