import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import type { CodeScorer } from '../core/code-scorer/code-scorer.ts';
import { requireCodeScorer, toSourceRefused } from '../core/code-scorer/require-code-scorer.ts';
import type { CliContext } from './cli-context.ts';

const JAVASCRIPT: ReadonlySet<string> = new Set(['.js', '.mjs', '.cjs']);

/**
 * The code scorer in a file, checked and without types; `-` is standard input. Blanks stand in their place, so that the
 * errors of the service, too, name lines of the file. Throws BAD_REQUEST when the file cannot be read,
 * SCORER_DEFINITION_INVALID with lines and columns when it holds no code scorer.
 */
export async function readScorerFile(
  file: string,
  { openFile }: Pick<CliContext, 'openFile'>,
): Promise<CodeScorer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openFile(file)) chunks.push(chunk);
  const text = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const shown = file === '-' ? 'stdin' : file;
  const source = JAVASCRIPT.has(extname(file)) ? text : withoutTypes(text, shown);
  return requireCodeScorer(source, { file: shown });
}

function withoutTypes(text: string, file: string): string {
  try {
    return stripTypeScriptTypes(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const { line, column } = placeOf(error);
    const message = `the file is not valid TypeScript (line ${line}): ${error.message}`;
    const isStrippable = !('code' in error) || error.code !== 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX';
    const advice = isStrippable
      ? 'mend it there'
      : 'use only types that can be left out, no enum, namespace or parameter property';
    throw toSourceRefused([{ name: null, line, column, message, advice }], file);
  }
}

/** Node shows some lines before the stack, with marks below the part at fault, and tells its place nowhere else. */
function placeOf({ stack = '' }: SyntaxError): { readonly line: number; readonly column: number } {
  const line = /^[^\n]*:(\d+)\n/.exec(stack)?.[1];
  const blanks = /^( *)\^+ *$/m.exec(stack)?.[1] ?? '';
  return line === undefined
    ? { line: 1, column: 1 }
    : { line: Number(line), column: blanks.length + 1 };
}
