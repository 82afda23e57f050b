import type { Command } from 'commander';
import type { SettingKey } from '../../config/config-schema.ts';
import { requireForServe } from '../../config/require-settings.ts';
import { aborted } from '../aborted.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings } from '../command-options.ts';

const SETTINGS: readonly SettingKey[] = [
  'kafkaBrokers',
  'databaseUrl',
  'traceTopics',
  'feedbackTopic',
  'deadLetterTopic',
  'createTopics',
  'groupId',
  'httpHost',
  'httpPort',
  'scorers',
  'maxInFlightTraces',
  'maxInFlightBytes',
  'scorerTimeoutMs',
  'scorerConcurrency',
  'shutdownGraceMs',
  'logLevel',
];

/** `assay serve`: runs until a signal or a fault, then ends in order. */
export function addServeCommand(program: Command, context: CliContext): void {
  const command = program.command('serve').description('run the service: consumer and API');
  addOptions(command, SETTINGS).action(async (_options: CommonOptions) => {
    const { config } = await loadSettings(command, context);
    const serveConfig = requireForServe(config);
    const { createBroker, startApp } = await import('../../app.ts');
    const fault = new AbortController();
    const app = await startApp({
      config: serveConfig,
      openBroker: (onNotice) => createBroker(serveConfig, onNotice),
      onFault: (error) => fault.abort(error),
    });
    await aborted(AbortSignal.any([context.signal, fault.signal]));
    await app.stop();
    fault.signal.throwIfAborted();
  });
}
