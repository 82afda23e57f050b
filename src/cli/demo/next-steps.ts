import type { App } from '../../app.ts';
import type { ServeConfig } from '../../config/require-settings.ts';
import type { Stack } from '../../stack/start-stack.ts';
import type { DemoOutcome } from './demo-report.ts';

export interface NextStepsOptions {
  readonly app: Pick<App, 'url'>;
  readonly config: ServeConfig;
  readonly outcome: DemoOutcome;
  /** Whether the service stays up after the demo. */
  readonly kept: boolean;
  readonly stack: Pick<Stack, 'kafkaBrokers' | 'databaseUrl'>;
}

/** Three commands to try next: on the service that is still up, or on one of the reader's own. */
export function describeNextSteps({ app, config, outcome, kept, stack }: NextStepsOptions): string {
  const commands = kept ? keptCommands(app.url, config, outcome) : commandsFromHere();
  const reach = kept
    ? [
        `It stays up until Ctrl-C. API ${app.url}, Postgres ${stack.databaseUrl}` +
          (stack.kafkaBrokers === null ? '' : `, Kafka ${stack.kafkaBrokers.join(',')}`),
      ]
    : [];
  return ['Three commands to try next:', ...commands.map((one) => `  ${one}`), ...reach].join('\n');
}

function keptCommands(
  url: string,
  { kafkaBrokers, feedbackTopic }: ServeConfig,
  { events }: DemoOutcome,
): readonly string[] {
  const [event] = events;
  const trace = event?.trace_id ?? 'TRACE_ID';
  const experiment = event?.experiment_id ?? '2';
  return [
    `npx assay traces get ${trace} --experiment ${experiment} --url ${url}`,
    `npx assay scorers update word_count --rate 0.8 --experiment 2 --url ${url}`,
    `npx assay feedback tail --from-beginning --count 5 --kafka-brokers ${kafkaBrokers.join(',')} --feedback-topic ${feedbackTopic}`,
  ];
}

function commandsFromHere(): readonly string[] {
  return [
    'npx assay demo --keep                    the same, and it stays up to be looked at',
    'npx assay demo --traces 5000             more of it',
    'npx assay config                         what to set for a Kafka and a Postgres of your own',
  ];
}
