import type { Command } from 'commander';
import { requireForDatabase } from '../../config/require-settings.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings } from '../command-options.ts';

/** `assay migrate`: creates or updates the schema `assay` in Postgres. */
export function addMigrateCommand(program: Command, context: CliContext): void {
  const command = program.command('migrate').description('create or update the database schema');
  addOptions(command, ['databaseUrl']).action(async ({ json }: CommonOptions) => {
    const { config } = await loadSettings(command, context);
    const { migrateDatabase } = await import('../../app.ts');
    const { from, to } = await migrateDatabase(requireForDatabase(config));
    await context.stdout.write(json ? `${JSON.stringify({ from, to })}\n` : describe(from, to));
  });
}

function describe(from: number, to: number): string {
  if (from === to) return `The schema is current (version ${to}).\n`;
  return from === 0
    ? `The schema was created (version ${to}).\n`
    : `The schema was updated from version ${from} to ${to}.\n`;
}
