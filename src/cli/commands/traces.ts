import type { Command } from 'commander';
import { z } from 'zod';
import { requireForBroker } from '../../config/require-settings.ts';
import type { Broker } from '../../ports/broker.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings } from '../command-options.ts';
import { describeTrace } from '../describe-trace.ts';
import {
  checkTraces,
  type Produced,
  type ProduceOptions,
  produceTraces,
} from '../produce-traces.ts';
import { readLines } from '../read-lines.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';
import { addSearchCommand } from './traces-search.ts';

interface ProduceCommandOptions extends CommonOptions {
  readonly topic?: string;
  readonly raw?: boolean;
}

/** `assay traces …` */
export function addTracesCommand(program: Command, context: CliContext): void {
  const traces = program
    .command('traces')
    .description('find and read stored traces, send traces to Kafka');
  addSearchCommand(traces, context);
  addGetCommand(traces, context);
  addProduceCommand(traces, context);
}

function addGetCommand(traces: Command, context: CliContext): void {
  const command = traces
    .command('get')
    .description('show a stored trace with its feedback; --json gives it as MLflow V3 JSON')
    .argument('<id>', 'trace id in any spelling');
  addOptions(command, SERVICE_SETTINGS).action(async (id: string, options: CommonOptions) => {
    const { api, experimentPath } = await openService(command, context);
    const path = `${experimentPath}/traces/${encodeURIComponent(id)}`;
    const answer = await api.get(path, z.unknown());
    await printAnswer(context, options, {
      answer,
      inWords: () => describeTrace(answer.text, context.stdout.columns),
    });
  });
}

function addProduceCommand(traces: Command, context: CliContext): void {
  const command = traces
    .command('produce')
    .description('send traces to Kafka, one from each line of a file')
    .argument('<file>', 'file with one trace in JSON per line; - is standard input')
    .option('--topic <topic>', 'where to (default: the first of the topics with traces)')
    .option('--raw', 'send lines that are no traces too, without a key');
  addOptions(command, ['kafkaBrokers', 'traceTopics', 'maxTraceBytes']).action(
    async (file: string, options: ProduceCommandOptions) => {
      const { config: given } = await loadSettings(command, context);
      const config = requireForBroker(given);
      const topic = options.topic ?? config.traceTopics[0] ?? '';
      const { signal } = context;
      const broker = await context.createBroker(config);
      try {
        const produced = await produceFile(
          { context, broker, file },
          {
            topic,
            raw: options.raw === true,
            maxTraceBytes: config.maxTraceBytes,
            signal,
            onProgress: createProgress(context),
          },
        );
        await context.stdout.write(
          options.json ? toJson(topic, produced) : inWords(topic, produced),
        );
      } finally {
        await broker.close();
      }
      signal.throwIfAborted();
    },
  );
}

interface Source {
  readonly context: CliContext;
  readonly broker: Broker;
  readonly file: string;
}

/** A file is read twice, so that nothing is sent of one with a bad line; standard input cannot be. */
async function produceFile(
  { context, broker, file }: Source,
  options: ProduceOptions,
): Promise<Produced> {
  const lines = () => readLines(context.openFile(file));
  if (file !== '-' && !options.raw) await checkTraces(lines(), options);
  const producer = broker.producer();
  await producer.start();
  try {
    return await produceTraces(producer, lines(), options);
  } finally {
    await producer.stop();
  }
}

/** A running count on a terminal. */
function createProgress({ stderr }: CliContext): (records: number) => void {
  if (!stderr.isTerminal) return () => undefined;
  return (records) => void stderr.write(`\r${records} sent\r`);
}

function inWords(topic: string, { records, partitions }: Produced): string {
  const shares = sorted(partitions).map(([partition, count]) => `partition ${partition}: ${count}`);
  const where = shares.length === 0 ? '' : ` (${shares.join(', ')})`;
  return `sent ${records} ${records === 1 ? 'record' : 'records'} to ${topic}${where}\n`;
}

function toJson(topic: string, { records, partitions }: Produced): string {
  const shares = sorted(partitions).map(([partition, count]) => ({ partition, records: count }));
  return `${JSON.stringify({ topic, records, partitions: shares })}\n`;
}

function sorted(partitions: Produced['partitions']): readonly (readonly [number, number])[] {
  return [...partitions].sort(([a], [b]) => a - b);
}
