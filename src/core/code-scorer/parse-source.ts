import {
  type ExpressionStatement,
  type Options,
  parse,
  parseExpressionAt,
  type Program,
} from 'acorn';
import type { CodeProblem } from './code-scorer.ts';
import { GAP } from './gap.ts';

/** eslint-scope reads the ranges. */
const OPTIONS: Options = {
  ecmaVersion: 'latest',
  sourceType: 'module',
  locations: true,
  ranges: true,
};

/** White space, comments and semicolons. */
const NOTHING = new RegExp(`^(?:;|${GAP})*$`);

export type Parsed =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly problem: CodeProblem };

/**
 * Parses a module, or an expression that is no statement, such as a function without a name. Throws RangeError where the
 * source is nested too deeply.
 */
export function parseSource(source: string): Parsed {
  try {
    return { ok: true, program: parse(source, OPTIONS) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // acorn's way of saying that its own stack ended.
    if (error.message.startsWith('Not enough stack space')) throw new RangeError(error.message);
    const program = parseExpression(source);
    return program === undefined ? { ok: false, problem: toProblem(error) } : { ok: true, program };
  }
}

function parseExpression(source: string): Program | undefined {
  try {
    const expression = parseExpressionAt(source, 0, OPTIONS);
    const { start, end } = expression;
    if (!NOTHING.test(source.slice(end))) return undefined;
    const place = { start, end, ...(expression.loc && { loc: expression.loc }) };
    const statement: ExpressionStatement = { type: 'ExpressionStatement', expression, ...place };
    return { type: 'Program', sourceType: 'module', body: [statement], ...place };
  } catch {
    return undefined;
  }
}

function toProblem(error: SyntaxError): CodeProblem {
  const { line, column } = placeOf(error);
  const what = error.message.replace(/ \(\d+:\d+\)$/, '');
  return {
    name: null,
    line,
    column: column + 1,
    message: `the source is not valid JavaScript (line ${line}): ${what}`,
    advice: what.startsWith("Illegal 'use strict'")
      ? 'leave the directive out, since code scorers are always strict'
      : 'expected is one function, or a module whose default export is one; types have to be stripped, as `assay scorers register --file` does',
  };
}

/** acorn adds to its errors where they are. */
function placeOf(error: SyntaxError): { readonly line: number; readonly column: number } {
  const loc: unknown = 'loc' in error ? error.loc : undefined;
  const isPlace = typeof loc === 'object' && loc !== null && 'line' in loc && 'column' in loc;
  if (!isPlace || typeof loc.line !== 'number' || typeof loc.column !== 'number') {
    return { line: 1, column: 0 };
  }
  return { line: loc.line, column: loc.column };
}
