import type { Program } from 'acorn';
import type { Alias } from './find-imports.ts';
import type { Entry } from './find-scorer.ts';
import { GAP } from './gap.ts';

/** The text from `start` to `end` is replaced. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The module as statements that return its scorer: without imports and `export`, in strict mode as modules are. Lines
 * stay where they are, so that a stack trace shows lines of the source; columns move in the first line only, and where
 * the source is a mere function.
 */
export function toBody(
  source: string,
  parsed: {
    readonly program: Program;
    readonly entry: Entry;
    readonly aliases: readonly Alias[];
  },
): string {
  const { program, entry, aliases } = parsed;
  const edits = program.body.flatMap((statement): readonly Edit[] => {
    if (statement.type === 'ImportDeclaration') return [blank(source, statement)];
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const { start, end, declaration } = statement;
    return [blank(source, { start, end: declaration?.start ?? end })];
  });
  const { text: result, edits: own } = toResult(source, entry);
  const names = aliases.map(({ local, imported }) => `const ${local} = ${imported};`);
  const body = apply(
    source,
    [...edits, ...own].toSorted((a, b) => a.start - b.start),
  );
  return `${["'use strict';", ...names].join(' ')} ${body}\n${result}`;
}

/** How the scorer is returned: by a statement at the end, or by edits where it stands. */
function toResult(
  source: string,
  entry: Entry,
): { readonly text: string; readonly edits: readonly Edit[] } {
  switch (entry.kind) {
    case 'named':
      return { text: `return ${entry.name};`, edits: [] };
    case 'statement': {
      const { start } = entry.statement;
      return { text: '', edits: [{ start, end: start, text: 'return ' }] };
    }
    case 'default': {
      const { declaration } = entry;
      const { start } = declaration;
      const { end } = blankBefore(source, declaration);
      const value = declaration.declaration;
      if (value.type === 'FunctionDeclaration' && value.id !== null) {
        return { text: `return ${value.id.name};`, edits: [blank(source, { start, end })] };
      }
      const name = unusedName(source);
      const gap = source.slice(start, end).replace(/[^\n]/g, '');
      const text = `${gap}const ${name}=`.padEnd(end - start);
      const isFunction = value.type === 'FunctionDeclaration';
      const close = isFunction ? [{ start: value.end, end: value.end, text: ';' }] : [];
      return { text: `return ${name};`, edits: [{ start, end, text }, ...close] };
    }
  }
}

const DEFAULT = new RegExp(String.raw`^export(?:${GAP})+default\b\s?`);

/** From `export` up to what is exported: `(` in front of an expression belongs to the expression. */
function blankBefore(
  source: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly end: number } {
  const words = DEFAULT.exec(source.slice(start, end));
  return { end: start + (words?.[0].length ?? 0) };
}

/** With one `$` more than stand together anywhere: found in one pass, whatever the source is made of. */
function unusedName(source: string): string {
  const runs = source.match(/\$+/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  return `${'$'.repeat(longest + 1)}scorer`;
}

/** As many blanks and line ends. */
function blank(source: string, { start, end }: { readonly start: number; readonly end: number }) {
  return { start, end, text: source.slice(start, end).replace(/[^\n]/g, ' ') };
}

function apply(source: string, edits: readonly Edit[]): string {
  let text = '';
  let at = 0;
  for (const edit of edits) {
    text += source.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return text + source.slice(at);
}
