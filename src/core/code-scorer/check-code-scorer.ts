import type { Program } from 'acorn';
import type { CodeProblem, CodeScorerCheck } from './code-scorer.ts';
import { findImports } from './find-imports.ts';
import { findNameProblems } from './find-free-names.ts';
import { findRefusedSyntax } from './find-refused-syntax.ts';
import { findScorer } from './find-scorer.ts';
import { parseSource } from './parse-source.ts';
import { readScorer } from './read-scorer.ts';
import { toBody } from './to-body.ts';

/** In UTF-16 units. */
export const MAX_SOURCE_LENGTH = 100_000;

/**
 * Whether source is a code scorer: one function, or a module that exports one function or `scorer({ … }, function)`,
 * by default or as its only export. It stands on its own: no imports but of names that the sandbox has, no names but its
 * own and those of SANDBOX_GLOBALS. The source is JavaScript: types have been stripped. Never throws; nothing is run.
 */
export function checkCodeScorer(given: string): CodeScorerCheck {
  const source = normalise(given);
  if (source.length > MAX_SOURCE_LENGTH) return refuse([tooLong(source.length)]);
  try {
    const parsed = parseSource(source);
    return parsed.ok ? checkProgram(source, parsed.program) : refuse([parsed.problem]);
  } catch (error) {
    // The tree is walked recursively, and the parser takes a little more depth than that.
    if (error instanceof RangeError) return refuse([TOO_DEEP]);
    throw error;
  }
}

function checkProgram(source: string, program: Program): CodeScorerCheck {
  const found = findScorer(program);
  const read = found.ok ? readScorer(found.entry.value, program) : undefined;
  // A class has to be deployed as a module: what else is wrong with it in a sandbox does not matter.
  if (read !== undefined && read.problems.length > 0) return refuse(read.problems);
  const { aliases, problems } = findImports(program);
  const all = [
    ...(found.ok ? [] : [found.problem]),
    ...problems,
    ...findNameProblems(program),
    ...findRefusedSyntax(program, read?.score),
  ];
  if (!found.ok || read === undefined || all.length > 0) return refuse(all);
  const body = toBody(source, { program, entry: found.entry, aliases });
  return { ok: true, code: { source, body, options: read.options } };
}

function normalise(source: string): string {
  return source
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .trimEnd();
}

function refuse(problems: readonly CodeProblem[]): CodeScorerCheck {
  const inOrder = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, problems: inOrder };
}

const TOO_DEEP: CodeProblem = {
  name: null,
  line: 1,
  column: 1,
  message: 'the source is nested too deeply to be read',
  advice: 'write it flatter',
};

function tooLong(length: number): CodeProblem {
  return {
    name: null,
    line: 1,
    column: 1,
    message: `the source has ${length} characters, and may have ${MAX_SOURCE_LENGTH}`,
    advice: 'make it shorter, or deploy it as a module (ASSAY_SCORERS)',
  };
}
