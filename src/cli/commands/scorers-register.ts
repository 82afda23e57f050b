import type { Command } from 'commander';
import { z } from 'zod';
import { type ScorerBody, scorerBody } from '../../contract/http/scorers.ts';
import { AssayError } from '../../core/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions } from '../command-options.ts';
import { summarizeScorer } from '../describe-scorer.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface RegisterOptions extends CommonOptions {
  readonly builtin?: string;
  readonly moduleScorer?: string;
  /** JSON; the configuration file is named before the command. */
  readonly config?: string;
}

const EXAMPLE = `
Example:
  assay scorers register mentions_refund --builtin contains --config '{"text":"refund"}'`;

/** `assay scorers register NAME (--builtin KIND | --module-scorer NAME) [--config JSON]` */
export function addRegisterCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('register')
    .description('register a scorer, or a new version of it')
    .argument('<name>', 'name of the scorer, unique within the experiment')
    .option('--builtin <kind>', 'a built-in scorer, for example contains')
    .option('--module-scorer <name>', 'a scorer of a module that the service has loaded')
    .option('--config <json>', 'settings of the scorer as a JSON object')
    .addHelpText('after', EXAMPLE);
  addOptions(command, SERVICE_SETTINGS).action(async (name: string, options: RegisterOptions) => {
    const body = { name, ...toDefinition(options) };
    const { api, experimentPath } = await openService(command, context);
    const answer = await api.post(`${experimentPath}/scorers`, body, scorerBody);
    await printAnswer(context, options, { answer, inWords: describeRegistration });
  });
}

function describeRegistration(scorer: ScorerBody): string {
  const summary = summarizeScorer(scorer);
  if (scorer.status === 'active') return summary;
  const { name, experiment_id: experiment } = scorer;
  return `${summary}start it with: assay scorers start ${name} --experiment ${experiment}\n`;
}

function toDefinition({ builtin, moduleScorer, config }: RegisterOptions) {
  const settings = config === undefined ? {} : { config: parseSettings(config) };
  if (builtin !== undefined && moduleScorer === undefined) {
    return { kind: 'builtin', builtin, ...settings };
  }
  if (moduleScorer !== undefined && builtin === undefined) {
    return { kind: 'module', module_scorer: moduleScorer, ...settings };
  }
  const message = 'a scorer needs one of --builtin KIND and --module-scorer NAME, and not both';
  throw new AssayError('COMMAND_INVALID', message);
}

const settingsObject = z.record(z.string(), z.unknown());

function parseSettings(text: string): Readonly<Record<string, unknown>> {
  try {
    const settings = settingsObject.safeParse(JSON.parse(text));
    if (settings.success) return settings.data;
  } catch {
    // Not JSON: the same advice helps.
  }
  const message = `--config takes the settings of the scorer as a JSON object, such as '{"text":"refund"}'; a configuration file is named before the command: assay --config FILE scorers register …`;
  throw new AssayError('COMMAND_INVALID', message);
}
