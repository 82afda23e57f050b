import type { Command } from 'commander';
import { scorerTrialBody } from '../../contract/http/scorer-trials.ts';
import { AssayError, isAssayError } from '../../core/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, parseCount } from '../command-options.ts';
import { describeScorerTrial } from '../describe-scorer-trial.ts';
import { reportError } from '../report-error.ts';
import { runOnSave } from '../run-on-save.ts';
import {
  addDefinitionOptions,
  type DefinitionOptions,
  readDefinition,
} from '../scorer-definition.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface TestOptions extends CommonOptions, DefinitionOptions {
  /** false for `--no-filter`. */
  readonly filter?: string | false;
  readonly last?: number;
  readonly version?: number;
  readonly watch?: boolean;
}

/** Many traces and a slow scorer take a while; Ctrl-C ends it. */
const TIMEOUT_MS = 600_000;

const EXAMPLES = `
Examples:
  assay scorers test --file my-scorer.ts --last 50 --watch
  assay scorers test mentions_refund --filter "tags.env = 'prod'"`;

/** `assay scorers test (NAME | --file F | --builtin KIND | --module-scorer NAME) [--filter F] [--last N] [--watch]` */
export function addTestCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('test')
    .description('run a scorer over stored traces and show what it says; changes nothing')
    .argument('[name]', 'a registered scorer')
    .addHelpText('after', EXAMPLES);
  addDefinitionOptions(command)
    .option('--filter <filter>', "which traces; else the registered scorer's own filter")
    .option('--no-filter', 'all traces')
    .option(
      '--last <number>',
      'so many of the newest traces, at most 500 (default: 20)',
      parseCount,
    )
    .option('--version <number>', 'another version of a registered scorer', parseCount)
    .option('--watch', 'with --file: run again on every save, until Ctrl-C');
  addOptions(command, SERVICE_SETTINGS).action(
    async (name: string | undefined, options: TestOptions) => {
      const { watch, file } = options;
      if (watch !== true) {
        await testOnce(command, context, { name, options });
        return;
      }
      if (file === undefined || file === '-') {
        throw new AssayError('COMMAND_INVALID', '--watch needs the file to watch: --file FILE');
      }
      await runOnSave({
        watch: (onSave) => context.watchFile(file, onSave),
        run: () => testAndReport(command, context, { name, options }),
        signal: context.signal,
      });
    },
  );
}

interface Asked {
  readonly name: string | undefined;
  readonly options: TestOptions;
}

async function testOnce(command: Command, context: CliContext, asked: Asked): Promise<void> {
  const body = { ...(await toScorer(asked, context)), ...toSelection(asked.options) };
  const { api, experimentPath } = await openService(command, context, { timeoutMs: TIMEOUT_MS });
  const answer = await api.post(`${experimentPath}/scorers/test`, body, scorerTrialBody);
  await printAnswer(context, asked.options, {
    answer,
    inWords: (trial) => describeScorerTrial(trial, context.stdout.columns),
  });
}

/** While a file is watched, a mistake in it is shown and the watching goes on. */
async function testAndReport(command: Command, context: CliContext, asked: Asked): Promise<void> {
  const { options } = asked;
  try {
    await testOnce(command, context, asked);
  } catch (error) {
    if (!isAssayError(error) || error.code === 'COMMAND_INVALID') throw error;
    await reportError(error, context, { json: options.json === true });
  }
  if (options.json !== true)
    await context.stderr.write(`\nwaiting for ${options.file} to be saved\n`);
}

async function toScorer(
  { name, options }: Asked,
  context: CliContext,
): Promise<Readonly<Record<string, unknown>>> {
  const { builtin, moduleScorer, file, config, version } = options;
  const defines = [builtin, moduleScorer, file, config].some((each) => each !== undefined);
  if (name === undefined) {
    if (version === undefined) return (await readDefinition(options, context)).body;
    throw new AssayError('COMMAND_INVALID', '--version needs the name of a registered scorer');
  }
  if (!defines) return { name, ...(version !== undefined && { version }) };
  const message =
    'give the name of a registered scorer, or what it is by --file, --builtin or --module-scorer, and not both';
  throw new AssayError('COMMAND_INVALID', message);
}

function toSelection({ filter, last }: TestOptions): Readonly<Record<string, unknown>> {
  return {
    ...(filter !== undefined && { filter_string: filter === false ? '' : filter }),
    ...(last !== undefined && { last }),
  };
}
