import type { Command } from 'commander';
import { scorerBody, scorersBody } from '../../contract/http/scorers.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions } from '../command-options.ts';
import { describeScorer, listScorers, summarizeScorer } from '../describe-scorer.ts';
import { scorerPath } from '../scorer-path.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';
import { addRegisterCommand } from './scorers-register.ts';
import { addSamplingCommands } from './scorers-sampling.ts';
import { addTestCommand } from './scorers-test.ts';
import { addVersionsCommand } from './scorers-versions.ts';

/** `assay scorers …`: the lifecycle of scorers. */
export function addScorersCommand(program: Command, context: CliContext): void {
  const scorers = program
    .command('scorers')
    .description('register, try, start, change and stop scorers');
  addListCommand(scorers, context);
  addGetCommand(scorers, context);
  addRegisterCommand(scorers, context);
  addTestCommand(scorers, context);
  addSamplingCommands(scorers, context);
  addEndCommand(scorers, context, { name: 'stop', what: 'stop a scorer; it stays registered' });
  addEndCommand(scorers, context, {
    name: 'delete',
    what: 'unregister a scorer; its feedback stays',
  });
  addVersionsCommand(scorers, context);
}

function addListCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('list')
    .description('list the registered scorers of an experiment');
  addOptions(command, SERVICE_SETTINGS).action(async (options: CommonOptions) => {
    const { api, config, experimentPath } = await openService(command, context);
    const answer = await api.get(`${experimentPath}/scorers`, scorersBody);
    const none = `experiment ${config.experimentId} has no scorers\n`;
    await printAnswer(context, options, {
      answer,
      inWords: ({ scorers: found }) =>
        found.length === 0 ? none : listScorers(found, context.stdout.columns),
    });
  });
}

function addGetCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('get')
    .description('show one scorer')
    .argument('<name>', 'name of the scorer');
  addOptions(command, SERVICE_SETTINGS).action(async (name: string, options: CommonOptions) => {
    const { api, experimentPath } = await openService(command, context);
    const answer = await api.get(scorerPath(experimentPath, name), scorerBody);
    await printAnswer(context, options, { answer, inWords: describeScorer });
  });
}

function addEndCommand(
  scorers: Command,
  context: CliContext,
  { name: operation, what }: { readonly name: 'stop' | 'delete'; readonly what: string },
): void {
  const command = scorers
    .command(operation)
    .description(what)
    .argument('<name>', 'name of the scorer');
  addOptions(command, SERVICE_SETTINGS).action(async (name: string, options: CommonOptions) => {
    const { api, experimentPath } = await openService(command, context);
    const path = scorerPath(experimentPath, name);
    const answer =
      operation === 'delete'
        ? await api.delete(path, scorerBody)
        : await api.post(`${path}/stop`, {}, scorerBody);
    await printAnswer(context, options, { answer, inWords: summarizeScorer });
  });
}
