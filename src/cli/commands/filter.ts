import type { Command } from 'commander';
import { filterCheckBody } from '../../contract/http/filters.ts';
import { printFilter } from '../../core/filter/print-filter.ts';
import { requireFilter } from '../../core/filter/parse/require-filter.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, parseNumber } from '../command-options.ts';
import { describePreview, describeValidity } from '../describe-filter-check.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface CheckOptions extends CommonOptions {
  readonly preview?: boolean;
  readonly rate?: number;
}

const EXAMPLES = `
Examples:
  assay filter check "tags.env = 'prod' AND status != 'ERROR'"
  assay filter check "feedback.safety = 'no'" --preview --rate 0.2`;

/** `assay filter …` */
export function addFilterCommand(program: Command, context: CliContext): void {
  const filter = program.command('filter').description('try filters before a scorer gets them');
  addCheckCommand(filter, context);
}

/** `assay filter check '<filter>' [--preview] [--rate R]`: a preview asks the service, the rest needs none. */
function addCheckCommand(filter: Command, context: CliContext): void {
  const command = filter
    .command('check')
    .description('say whether a filter is valid and, with --preview, which stored traces match')
    .argument('<filter>', "such as: status = 'OK'")
    .option('--preview', 'try it on the newest 5,000 stored records')
    .option(
      '--rate <rate>',
      'with a preview, how many a scorer of this rate would score',
      parseNumber,
    )
    .addHelpText('after', EXAMPLES);
  addOptions(command, SERVICE_SETTINGS).action(async (text: string, options: CheckOptions) => {
    const normalized = printFilter(requireFilter(text));
    if (options.preview !== true && options.rate === undefined) {
      const answer = { text: JSON.stringify({ valid: true, normalized }), body: { normalized } };
      await printAnswer(context, options, { answer, inWords: describeValidity });
      return;
    }
    const { api, config } = await openService(command, context);
    const body = {
      filter_string: text,
      experiment_id: config.experimentId,
      preview: true,
      ...(options.rate !== undefined && { sample_rate: options.rate }),
    };
    const answer = await api.post('/api/v1/filters/check', body, filterCheckBody);
    await printAnswer(context, options, {
      answer,
      inWords: (check) =>
        `${describeValidity(check)}${describePreview(check, { experimentId: config.experimentId, rate: options.rate })}`,
    });
  });
}
