import type { Command } from 'commander';
import {
  type ScorerBody,
  scorerBody,
  type ScorerVersionsBody,
  scorerVersionsBody,
} from '../../contract/http/scorers.ts';
import { versionDiff } from '../../core/code-scorer/version-diff.ts';
import { AssayError, isAssayError } from '../../core/errors.ts';
import type { ApiClient } from '../api-client.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions } from '../command-options.ts';
import { summarizeScorer } from '../describe-scorer.ts';
import {
  addDefinitionOptions,
  type DefinitionOptions,
  readDefinition,
} from '../scorer-definition.ts';
import { scorerPath } from '../scorer-path.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface RegisterOptions extends CommonOptions, DefinitionOptions {}

const EXAMPLES = `
Examples:
  assay scorers register mentions_refund --builtin contains --config '{"text":"refund"}'
  assay scorers register --file my-scorer.ts`;

/** `assay scorers register [NAME] (--builtin KIND | --module-scorer NAME | --file F) [--config JSON]` */
export function addRegisterCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('register')
    .description('register a scorer, or a new version of it')
    .argument('[name]', 'unique within the experiment; a file may say it by scorer({ name }, …)')
    .addHelpText('after', EXAMPLES);
  addOptions(addDefinitionOptions(command), SERVICE_SETTINGS).action(
    async (given: string | undefined, options: RegisterOptions) => {
      const definition = await readDefinition(options, context);
      const name = given ?? definition.name ?? refuseNameless(options);
      const { api, experimentPath } = await openService(command, context);
      const path = scorerPath(experimentPath, name);
      const before = options.json === true ? undefined : await findVersions(api, path);
      const body = { name, ...definition.body };
      const answer = await api.post(`${experimentPath}/scorers`, body, scorerBody);
      await printAnswer(context, options, {
        answer,
        inWords: (scorer) => `${describeRegistration(scorer)}${describeChange(scorer, before)}`,
      });
    },
  );
}

function refuseNameless({ file }: DefinitionOptions): never {
  const message =
    file === undefined
      ? 'a scorer needs a name: assay scorers register NAME …'
      : `${file} does not say the name of its scorer: write scorer({ name: '…' }, …) in it, or give the name: assay scorers register NAME --file ${file}`;
  throw new AssayError('COMMAND_INVALID', message);
}

/** The versions that there are of a scorer; undefined where it is not registered. */
async function findVersions(api: ApiClient, path: string): Promise<ScorerVersionsBody | undefined> {
  try {
    return (await api.get(`${path}/versions`, scorerVersionsBody)).body;
  } catch (error) {
    if (isAssayError(error, 'SCORER_NOT_FOUND')) return undefined;
    throw error;
  }
}

function describeRegistration(scorer: ScorerBody): string {
  const summary = summarizeScorer(scorer);
  if (scorer.status === 'active') return summary;
  const { name, experiment_id: experiment } = scorer;
  return `${summary}start it with: assay scorers start ${name} --experiment ${experiment}\n`;
}

/** What the new version changes in the one that was in force. */
function describeChange(
  { version, definition }: ScorerBody,
  before: ScorerVersionsBody | undefined,
): string {
  const replaced = before?.versions.find((each) => each.in_force);
  if (replaced === undefined || definition === null) return '';
  const diff = versionDiff(replaced, { version, definition });
  return diff === '' ? '' : `\n${diff}`;
}
