import { type Command, InvalidArgumentError, Option } from 'commander';
import { SETTING_KEYS, type SettingKey, settingInfo } from '../config/config-schema.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { flagOf, variableOf } from '../config/setting-names.ts';
import type { CliContext } from './cli-context.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly json?: boolean;
  readonly configFile?: string;
}

/** Flags that are shorter than the name of their setting. */
const SHORT_FLAGS: Readonly<Partial<Record<SettingKey, string>>> = {
  experimentId: '--experiment',
};

/** `--config FILE`, kept under a name of its own since `scorers register` has a `--config` too. */
class ConfigFileOption extends Option {
  override attributeName(): string {
    return 'configFile';
  }
}

export function createConfigFileOption(): Option {
  return new ConfigFileOption(
    '--config <file>',
    'configuration file (default: assay.yaml, if it is there)',
  );
}

/**
 * `--json`, `--config FILE` (unless the command has a `--config` of another meaning) and a flag for
 * each of the settings that the command uses.
 */
export function addOptions(command: Command, settings: readonly SettingKey[]): Command {
  if (command.options.every(({ long }) => long !== '--config')) {
    command.addOption(createConfigFileOption());
  }
  for (const key of settings) {
    const { description } = settingInfo(key);
    const flags = [SHORT_FLAGS[key], flagOf(key)].filter((flag) => flag !== undefined).join(', ');
    command.option(`${flags} <value>`, `${description} (${variableOf(key)})`);
  }
  return command.option('--json', 'print JSON');
}

/** The effective configuration of a command; warnings go to standard error. */
export async function loadSettings(
  command: Command,
  { loadConfig, stderr }: Pick<CliContext, 'loadConfig' | 'stderr'>,
): Promise<LoadedConfig> {
  const options = command.optsWithGlobals<Readonly<Record<string, unknown>>>();
  const { configFile } = options;
  const settings = SETTING_KEYS.flatMap((key) => {
    const value = options[key];
    return typeof value === 'string' ? [[key, value] as const] : [];
  });
  const loaded = loadConfig({
    settings: Object.fromEntries(settings),
    ...(typeof configFile === 'string' && { configFile }),
  });
  for (const warning of loaded.warnings) await stderr.write(`warning: ${warning}\n`);
  return loaded;
}

/** Parses the value of an option that counts something. */
export function parseCount(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError('Expected a whole number above 0.');
}

export function parseNumber(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('Expected a number such as 0.5.');
}
