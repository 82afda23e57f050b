import type { Command } from 'commander';
import type { App } from '../../app.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { requireForServe, type ServeConfig } from '../../config/require-settings.ts';
import { AssayError } from '../../core/errors.ts';
import type { Broker } from '../../ports/broker.ts';
import type { Stack } from '../../stack/start-stack.ts';
import { aborted } from '../aborted.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions, loadSettings, parseCount } from '../command-options.ts';
import { describeOutcome, isSound, outcomeToJson } from '../demo/demo-report.ts';
import { describeNextSteps } from '../demo/next-steps.ts';
import { createProgressLine } from '../demo/progress-line.ts';
import { DEMO_SCORERS_FILE, runDemo } from '../demo/run-demo.ts';

interface DemoCommandOptions extends CommonOptions {
  readonly traces?: number;
  readonly keep?: boolean;
}

const RECORDED_TRACES = 381;

/** `assay demo`: the whole thing on this machine, with recorded traces. */
export function addDemoCommand(program: Command, context: CliContext): void {
  const command = program
    .command('demo')
    .description('the whole thing on this machine, with recorded traces of five applications')
    .option('--traces <number>', `so many traces (default: ${RECORDED_TRACES})`, parseCount)
    .option('--keep', 'leave it running, until Ctrl-C');
  addOptions(command, ['kafkaBrokers', 'databaseUrl', 'httpPort']).action(
    async (options: DemoCommandOptions) => {
      const loaded = await loadSettings(command, context);
      await demo(loaded, options, context);
    },
  );
}

async function demo(
  loaded: LoadedConfig,
  options: DemoCommandOptions,
  context: CliContext,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const { signal, stdout, stderr } = context;
  // With --json standard output is for the one line of totals.
  const out = options.json ? stderr : stdout;
  const say = (text: string): void => void out.write(`${text}\n`);
  const name = `assay_demo_${Date.now().toString(36)}`;
  const stack = await startOwnStack(loaded, say, context);
  opened.defer(() => stack.stop());
  const databaseUrl = await openDatabase(loaded, stack, { name, opened });
  const config = toDemoConfig(loaded, { ...stack, databaseUrl }, { name, context });
  const { migrateDatabase, startApp, createInMemoryBroker } = await import('../../app.ts');
  await migrateDatabase(config);
  const broker: Broker =
    stack.kafkaBrokers === null ? createInMemoryBroker() : await context.createBroker(config);
  const fault = new AbortController();
  const app: App = await startApp({
    config,
    openBroker: () => broker,
    logTo: { write: () => undefined },
    onFault: (error) => fault.abort(error),
  });
  opened.defer(() => app.stop());
  say(`The service is up at ${app.url}. Six scorers, ${options.traces ?? RECORDED_TRACES} traces:`);
  const line = createProgressLine(out);
  const outcome = await runDemo({
    app,
    broker,
    config,
    traces: options.traces ?? RECORDED_TRACES,
    signal: AbortSignal.any([signal, fault.signal]),
    onProgress: line.show,
  });
  line.end();
  say(`\n${describeOutcome(outcome, out.columns)}`);
  say(describeNextSteps({ app, config, outcome, kept: options.keep === true, stack }));
  if (options.keep) await aborted(AbortSignal.any([signal, fault.signal]));
  fault.signal.throwIfAborted();
  await opened.disposeAsync();
  if (options.json) await stdout.write(outcomeToJson(outcome));
  if (!isSound(outcome)) {
    throw new AssayError('INTERNAL', 'the demo did not add up: see the figures above');
  }
}

async function startOwnStack(
  { config }: LoadedConfig,
  say: (text: string) => void,
  { signal }: CliContext,
): Promise<Stack> {
  const { startStack } = await import('../../stack/start-stack.ts');
  const { kafkaBrokers, databaseUrl } = config;
  const stack = await startStack({
    ...(kafkaBrokers && { kafkaBrokers }),
    ...(databaseUrl && { databaseUrl: databaseUrl.reveal() }),
    onStep: say,
    signal,
  });
  if (stack.kafkaMissing !== null) {
    say(
      `Without Kafka (${stack.kafkaMissing}): an in-memory broker stands in for it, in this demo only.`,
    );
  }
  return stack;
}

/** On somebody's server a database of its own, dropped at the end. */
async function openDatabase(
  { config }: LoadedConfig,
  { databaseUrl }: Stack,
  { name, opened }: { readonly name: string; readonly opened: AsyncDisposableStack },
): Promise<string> {
  if (config.databaseUrl === undefined) return databaseUrl;
  const { createScratchDatabase } = await import('../../stack/postgres/scratch-database.ts');
  const scratch = await createScratchDatabase(databaseUrl, name);
  opened.defer(() => scratch.drop());
  return scratch.databaseUrl;
}

/** On somebody's Kafka topics and a group of its own, so that it meets nothing of theirs. */
function toDemoConfig(
  loaded: LoadedConfig,
  { kafkaBrokers, databaseUrl }: Pick<Stack, 'kafkaBrokers' | 'databaseUrl'>,
  { name, context }: { readonly name: string; readonly context: CliContext },
): ServeConfig {
  const prefix = loaded.config.kafkaBrokers === undefined ? '' : `${name}.`;
  const settings = {
    // The in-memory broker has no address, but the setting wants one.
    kafkaBrokers: kafkaBrokers?.join(',') ?? 'in-memory:1',
    databaseUrl,
    traceTopics: `${prefix}traces`,
    feedbackTopic: `${prefix}feedback`,
    deadLetterTopic: `${prefix}traces.dead-letter`,
    createTopics: 'on',
    groupId: `${prefix}assay`,
    scorers: DEMO_SCORERS_FILE,
    httpPort: loaded.origins.httpPort.kind === 'default' ? '0' : String(loaded.config.httpPort),
    samplingCohort: 'default',
    logLevel: 'silent',
  };
  return requireForServe(context.loadConfig({ settings }).config);
}
