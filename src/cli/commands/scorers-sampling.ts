import type { Command } from 'commander';
import { scorerBody } from '../../contract/http/scorers.ts';
import { AssayError } from '../../core/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, parseCount, parseNumber } from '../command-options.ts';
import { summarizeScorer } from '../describe-scorer.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface SamplingOptions extends CommonOptions {
  readonly rate?: number;
  /** false for `--no-filter`. */
  readonly filter?: string | false;
  readonly evaluationRuns?: boolean;
  readonly version?: number;
}

/** `assay scorers start|update NAME [--rate R] [--filter F | --no-filter] [--version N]` */
export function addSamplingCommands(scorers: Command, context: CliContext): void {
  addSamplingCommand(scorers, context, {
    operation: 'start',
    what: 'start a scorer: every trace, or the rate and filter given here',
  });
  addSamplingCommand(scorers, context, {
    operation: 'update',
    what: 'change what is given here and keep the rest',
  });
}

function addSamplingCommand(
  scorers: Command,
  context: CliContext,
  { operation, what }: { readonly operation: 'start' | 'update'; readonly what: string },
): void {
  const command = scorers
    .command(operation)
    .description(what)
    .argument('<name>', 'name of the scorer')
    .option('--rate <rate>', 'share of the traces that is scored, 0.0 to 1.0', parseNumber)
    .option('--filter <filter>', "which traces, such as: attributes.status = 'OK'")
    .option('--no-filter', 'all traces')
    .option('--evaluation-runs', 'score traces of evaluation runs too')
    .option('--no-evaluation-runs', 'leave traces of evaluation runs alone')
    .option('--version <number>', 'the version to run', parseCount);
  addOptions(command, SERVICE_SETTINGS).action(async (name: string, options: SamplingOptions) => {
    const body = toBody(options);
    if (operation === 'update' && Object.keys(body).length === 0) {
      const message =
        'nothing to update: give --rate, --filter, --no-filter, --evaluation-runs, --no-evaluation-runs or --version';
      throw new AssayError('COMMAND_INVALID', message);
    }
    const { api, experimentPath } = await openService(command, context);
    const path = `${experimentPath}/scorers/${encodeURIComponent(name)}/${operation}`;
    const answer = await api.post(path, body, scorerBody);
    await printAnswer(context, options, { answer, inWords: summarizeScorer });
  });
}

function toBody({ rate, filter, evaluationRuns, version }: SamplingOptions) {
  const sampling = {
    ...(rate !== undefined && { sample_rate: rate }),
    ...(filter !== undefined && { filter_string: filter === false ? null : filter }),
    ...(evaluationRuns !== undefined && { include_evaluation_runs: evaluationRuns }),
  };
  return {
    ...(Object.keys(sampling).length > 0 && { sampling_config: sampling }),
    ...(version !== undefined && { version }),
  };
}
