import { readFileSync } from 'node:fs';

/** What a page of docs/ holds in code. */
export interface Snippets {
  /** Blocks of TypeScript, in order. */
  readonly blocks: readonly string[];
  /** The code in the cells of a column, in order; cells that are not code alone are left out. */
  readonly cellsOf: (column: string) => readonly string[];
}

export function readSnippets(page: string): Snippets {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), 'utf8');
  const blocks = [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, code = '']) => code);
  return { blocks, cellsOf: (column) => readCells(text, column) };
}

function readCells(text: string, column: string): readonly string[] {
  const cells: string[] = [];
  let index = -1;
  for (const line of text.split('\n')) {
    const row = line.startsWith('| ') ? line.slice(2, -2).split(' | ') : undefined;
    if (row === undefined) {
      // The line below the heads belongs to the table.
      if (!line.startsWith('|--')) index = -1;
    } else if (row.includes(column)) index = row.indexOf(column);
    else {
      const code = /^`([^`]+)`$/.exec(row[index] ?? '')?.[1];
      if (code !== undefined) cells.push(code);
    }
  }
  return cells;
}
