import { Command } from 'commander';
import type { CliContext } from './cli-context.ts';
import { createConfigFileOption } from './command-options.ts';
import { EXIT_CODES } from './exit-code.ts';
import { addConfigCommand } from './commands/config.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addFeedbackCommand } from './commands/feedback.ts';
import { addFilterCommand } from './commands/filter.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addScorersCommand } from './commands/scorers.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTracesCommand } from './commands/traces.ts';

/** The commands, in the order of the help. A new one is a file in commands/ and a line here. */
const COMMANDS: readonly ((program: Command, context: CliContext) => void)[] = [
  addDemoCommand,
  addServeCommand,
  addMigrateCommand,
  addScorersCommand,
  addFilterCommand,
  addTracesCommand,
  addExplainCommand,
  addFeedbackCommand,
  addConfigCommand,
];

/** What commander itself writes: help and version to `out`, help after a wrong call to `err`. */
export interface ProgramOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The command line as a commander program that throws CommanderErrors and ends no process. */
export function createProgram(context: CliContext, { out, err }: ProgramOutput): Command {
  const program = new Command('assay')
    .description('Watches the quality of GenAI applications: traces in, feedback out.')
    .version(context.version)
    // `--config` before the command names a file, so that `scorers register` can have its own.
    .enablePositionalOptions()
    .addOption(createConfigFileOption())
    .exitOverride()
    .configureOutput({
      writeOut: out,
      writeErr: err,
      // Errors are thrown too, and reported in one place.
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(context.stdout),
      getErrHelpWidth: () => helpWidth(context.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const add of COMMANDS) add(program, context);
  program.addHelpText('after', `\nExit codes:\n${listExitCodes()}`);
  return program;
}

function helpWidth({ columns }: { readonly columns: number }): number {
  return Math.min(columns, 100);
}

function listExitCodes(): string {
  return Object.entries(EXIT_CODES)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');
}
