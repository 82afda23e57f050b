import type { Command } from 'commander';
import { z } from 'zod';
import { AssayError } from '../core/errors.ts';
import type { CliContext } from './cli-context.ts';
import { readScorerFile } from './read-scorer-file.ts';

/** What a scorer is, as commands take it. */
export interface DefinitionOptions {
  readonly builtin?: string;
  readonly moduleScorer?: string;
  /** A file with a code scorer. */
  readonly file?: string;
  /** JSON; the configuration file is named before the command. */
  readonly config?: string;
}

export interface ScorerDefinition {
  /** The part of a registration that says what the scorer is. */
  readonly body: Readonly<Record<string, unknown>>;
  /** The name that the file gives it. */
  readonly name?: string;
}

/** `--builtin KIND | --module-scorer NAME | --file F`, `--config JSON` */
export function addDefinitionOptions(command: Command): Command {
  return command
    .option('--builtin <kind>', 'a built-in scorer, for example contains')
    .option('--module-scorer <name>', 'a scorer of a module that the service has loaded')
    .option('--file <file>', 'a file with one function or scorer(…), which runs in a sandbox')
    .option('--config <json>', 'settings of the scorer as a JSON object');
}

/** Throws COMMAND_INVALID, and what `readScorerFile` throws. */
export async function readDefinition(
  options: DefinitionOptions,
  context: Pick<CliContext, 'openFile'>,
): Promise<ScorerDefinition> {
  const { builtin, moduleScorer, file, config } = options;
  const given = [builtin, moduleScorer, file].filter((each) => each !== undefined);
  if (given.length !== 1) {
    const message =
      'a scorer needs one of --builtin KIND, --module-scorer NAME and --file FILE, and not two of them';
    throw new AssayError('COMMAND_INVALID', message);
  }
  const settings = config === undefined ? {} : { config: parseSettings(config) };
  if (builtin !== undefined) return { body: { kind: 'builtin', builtin, ...settings } };
  if (file === undefined) {
    return { body: { kind: 'module', module_scorer: moduleScorer, ...settings } };
  }
  if (config !== undefined) {
    const message = 'a code scorer takes no --config: make its settings constants in the file';
    throw new AssayError('COMMAND_INVALID', message);
  }
  const { source, options: said } = await readScorerFile(file, context);
  return { body: { kind: 'code', source }, ...(said.name !== undefined && { name: said.name }) };
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
