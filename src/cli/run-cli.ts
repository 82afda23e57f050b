import { CommanderError } from 'commander';
import type { CliContext } from './cli-context.ts';
import { createProgram } from './create-program.ts';
import { EXIT_CODE_OF } from './exit-code.ts';
import { reportError } from './report-error.ts';

/** Runs one command line, without the name of the program, and returns the exit code. Never throws. */
export async function runCli(argv: readonly string[], context: CliContext): Promise<number> {
  const out: string[] = [];
  const err: string[] = [];
  const program = createProgram(context, {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    await context.stdout.write(out.join(''));
    await context.stderr.write(err.join(''));
    if (isHelp(error)) return error.exitCode === 0 ? 0 : EXIT_CODE_OF.COMMAND_INVALID;
    return reportError(error, context, { json: asksForJson(argv) });
  }
}

/** `--help` and `--version` end by an error too, and so does a group of commands without one of them. */
function isHelp(error: unknown): error is CommanderError {
  return (
    error instanceof CommanderError &&
    ['commander.help', 'commander.helpDisplayed', 'commander.version'].includes(error.code)
  );
}

/** Looks at the words, since a command line that cannot be parsed has no options yet. */
function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end < 0 ? argv.length : end).includes('--json');
}
