import type { Command } from 'commander';
import { requireForBroker } from '../../config/require-settings.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings, parseCount } from '../command-options.ts';
import { describeFeedback, parseFeedback } from '../describe-feedback.ts';
import { tailTopic } from '../tail-topic.ts';

interface TailCommandOptions extends CommonOptions {
  readonly fromBeginning?: boolean;
  readonly count?: number;
  readonly filterScorer?: string;
}

/** `assay feedback …` */
export function addFeedbackCommand(program: Command, context: CliContext): void {
  const feedback = program.command('feedback').description('read the feedback topic');
  addTailCommand(feedback, context);
}

function addTailCommand(feedback: Command, context: CliContext): void {
  const command = feedback
    .command('tail')
    .description('print feedback as it is published, until Ctrl-C')
    .option('--from-beginning', 'begin with the oldest feedback of the topic')
    .option('--count <number>', 'end after so many', parseCount)
    .option('--filter-scorer <name>', 'only the feedback of one scorer');
  addOptions(command, ['kafkaBrokers', 'feedbackTopic']).action(
    async (options: TailCommandOptions) => {
      const { config: given } = await loadSettings(command, context);
      const config = requireForBroker(given);
      const broker = await context.createBroker(config);
      try {
        const records = tailTopic(broker, {
          topic: config.feedbackTopic,
          fromBeginning: options.fromBeginning === true,
          signal: context.signal,
          onTrouble: ({ code, message }) =>
            void context.stderr.write(`warning: ${code}: ${message}\n`),
          onReady: createReadyNote(context, config.feedbackTopic),
        });
        await printFeedback(records, context, options);
      } finally {
        await broker.close();
      }
    },
  );
}

async function printFeedback(
  records: AsyncIterable<{ readonly value: Uint8Array | null }>,
  { stdout, signal }: CliContext,
  { count = Number.POSITIVE_INFINITY, filterScorer, json }: TailCommandOptions,
): Promise<void> {
  let printed = 0;
  for await (const { value } of records) {
    if (signal.aborted) return;
    // Deletes feedback in compacted topics; there is nothing to show.
    if (value === null) continue;
    const event = parseFeedback(value);
    if (filterScorer !== undefined && event.scorer !== filterScorer) continue;
    await stdout.write(json ? `${event.text}\n` : `${describeFeedback(event, stdout.columns)}\n`);
    printed++;
    if (printed >= count) return;
  }
}

/** Tells people at a terminal that silence means waiting. */
function createReadyNote({ stderr }: CliContext, topic: string): () => void {
  let told = !stderr.isTerminal;
  return () => {
    if (told) return;
    told = true;
    void stderr.write(`reading ${topic}; Ctrl-C ends\n`);
  };
}
