import type { Command } from 'commander';
import { traceExplanationBody } from '../../contract/http/explain.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions } from '../command-options.ts';
import { describeTraceExplanation } from '../describe-trace-explanation.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface ExplainOptions extends CommonOptions {
  readonly scorer?: string;
}

/** `assay explain <trace id> [--scorer NAME]` */
export function addExplainCommand(program: Command, context: CliContext): void {
  const command = program
    .command('explain')
    .description('say of a trace why each scorer did or did not score it')
    .argument('<id>', 'trace id in any spelling')
    .option('--scorer <name>', 'only this scorer');
  addOptions(command, SERVICE_SETTINGS).action(async (id: string, options: ExplainOptions) => {
    const { api, experimentPath } = await openService(command, context);
    const { scorer } = options;
    const query = scorer === undefined ? '' : `?scorer=${encodeURIComponent(scorer)}`;
    const path = `${experimentPath}/traces/${encodeURIComponent(id)}/explain${query}`;
    const answer = await api.get(path, traceExplanationBody);
    await printAnswer(context, options, { answer, inWords: describeTraceExplanation });
  });
}
