import type { Command } from 'commander';
import { SETTING_KEYS } from '../../config/config-schema.ts';
import { describeConfig, type DescribedSetting } from '../../config/describe-config.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings } from '../command-options.ts';
import { formatTable } from '../table.ts';

/** `assay config`: what is in force and where it comes from, secrets hidden. */
export function addConfigCommand(program: Command, context: CliContext): void {
  const command = program
    .command('config')
    .description('show the effective configuration and where each value comes from');
  addOptions(command, SETTING_KEYS).action(async ({ json }: CommonOptions) => {
    const { stdout } = context;
    const settings = describeConfig(await loadSettings(command, context));
    await stdout.write(json ? toJson(settings) : toTable(settings, stdout.columns));
  });
}

function toJson(settings: readonly DescribedSetting[]): string {
  const shown = settings.map(({ path, variable, value, origin, description }) => ({
    setting: path,
    variable,
    value,
    origin,
    description,
  }));
  return `${JSON.stringify({ settings: shown })}\n`;
}

function toTable(settings: readonly DescribedSetting[], width: number): string {
  const rows = settings.map(({ path, value, origin }) => [path, toText(value), origin.name]);
  return formatTable(['SETTING', 'VALUE', 'FROM'], rows, width);
}

function toText(value: DescribedSetting['value']): string {
  if (value === null) return '-';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'object') return value.length === 0 ? '-' : value.join(',');
  return String(value);
}
