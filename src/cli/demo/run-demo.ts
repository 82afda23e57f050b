import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { App } from '../../app.ts';
import type { ServeConfig } from '../../config/require-settings.ts';
import { type FeedbackEvent, feedbackEventSchema } from '../../contract/feedback-event.ts';
import { balance } from '../../core/totals.ts';
import type { Broker, MessageProducer } from '../../ports/broker.ts';
import { produceTraces } from '../produce-traces.ts';
import type { Line } from '../read-lines.ts';
import { tailTopic } from '../tail-topic.ts';
import { demoRecords } from './demo-records.ts';
import type { DemoOutcome, ScorerOutcome } from './demo-report.ts';
import { DEMO_SCORERS } from './demo-scorers.ts';
import { ExpectedPicks } from './expected-picks.ts';

const RECORDING = new URL('../../../examples/traces/demo.jsonl', import.meta.url);
const SCORERS_FILE = new URL('../../../examples/scorers/first-scorers.ts', import.meta.url);

/** The module file that the demo's scorers are in. */
export const DEMO_SCORERS_FILE = fileURLToPath(SCORERS_FILE);

/** How long a recording of any length is spread out, so that times are those of a stream, not of a queue. */
const PRODUCE_SECONDS = 4;
const CHUNKS = 40;
const CHECK_EVERY_MS = 50;
const AUTHOR = 'assay demo';

export interface DemoRun {
  readonly app: App;
  readonly broker: Broker;
  readonly config: ServeConfig;
  readonly traces: number;
  readonly signal: AbortSignal;
  /** Called often while the demo runs. */
  readonly onProgress: (progress: DemoProgress) => void;
}

export interface DemoProgress {
  readonly produced: number;
  readonly done: number;
  readonly published: number;
}

/** Registers the scorers, sends the recorded traces, waits until everything is done, and reads the feedback back. */
export async function runDemo(run: DemoRun): Promise<DemoOutcome> {
  const { app, config, traces, signal, onProgress } = run;
  await registerScorers(app, signal);
  const recording = readFileSync(RECORDING, 'utf8').trimEnd().split('\n');
  const expected = new ExpectedPicks(DEMO_SCORERS, config.samplingCohort);
  const startedAtMs = performance.now();
  let produced = 0;
  const progress = (): void => {
    const { recordsDone: done, publishedEvents: published } = app.totals();
    onProgress({ produced, done, published });
  };
  await withProducer(run.broker, async (producer) => {
    for (const chunk of inChunks([...demoRecords(recording, traces)])) {
      const began = performance.now();
      for (const { bytes } of chunk) expected.add(bytes);
      await produce(producer, chunk, run);
      produced += chunk.length;
      progress();
      const spentMs = performance.now() - began;
      await wait(Math.max(0, (PRODUCE_SECONDS * 1000) / CHUNKS - spentMs), undefined, { signal });
    }
  });
  while (app.totals().recordsDone < produced) {
    await wait(CHECK_EVERY_MS, undefined, { signal });
    progress();
  }
  const totals = app.totals();
  const seconds = (performance.now() - startedAtMs) / 1000;
  const events = await readFeedback(run, totals.publishedEvents);
  const scorers = DEMO_SCORERS.map((scorer): ScorerOutcome => {
    const found = totals.scorers.find(
      ({ name, experimentId }) =>
        name === scorer.request.name && experimentId === scorer.experimentId,
    );
    return {
      scorer,
      ...expected.of(scorer),
      picks: found?.picks ?? 0,
      scored: found?.ends.scored ?? 0,
      notApplicable: found?.ends.not_applicable ?? 0,
      errors: found?.ends.failed ?? 0,
    };
  });
  return { produced, totals, balance: balance(totals), scorers, events, seconds };
}

async function registerScorers(app: App, signal: AbortSignal): Promise<void> {
  const { scorers } = app.service;
  let revision = 0;
  for (const { experimentId, request, sampleRate, filterString } of DEMO_SCORERS) {
    await scorers.register(experimentId, request, AUTHOR);
    const sampling = { sampleRate, filterString, author: AUTHOR };
    ({ revision } = await scorers.start(experimentId, request.name, sampling));
  }
  while (app.configRevision() < revision) await wait(CHECK_EVERY_MS, undefined, { signal });
}

function* inChunks(lines: readonly Line[]): Generator<readonly Line[]> {
  const size = Math.ceil(lines.length / CHUNKS);
  for (let i = 0; i < lines.length; i += size) yield lines.slice(i, i + size);
}

async function withProducer(
  broker: Broker,
  use: (producer: MessageProducer) => Promise<void>,
): Promise<void> {
  const producer = broker.producer();
  await producer.start();
  try {
    await use(producer);
  } finally {
    await producer.stop();
  }
}

async function produce(
  producer: MessageProducer,
  chunk: readonly Line[],
  { config, signal }: DemoRun,
): Promise<void> {
  const [topic = ''] = config.traceTopics;
  const { maxTraceBytes } = config;
  const onProgress = (): void => undefined;
  const options = { topic, raw: true, maxTraceBytes, signal, onProgress };
  await produceTraces(producer, toAsync(chunk), options);
}

async function* toAsync(lines: readonly Line[]): AsyncGenerator<Line> {
  yield* lines;
}

/** The feedback as any other program would read it, each event checked against its schema. */
async function readFeedback(
  { broker, config, signal }: DemoRun,
  count: number,
): Promise<readonly FeedbackEvent[]> {
  const events: FeedbackEvent[] = [];
  if (count === 0) return events;
  const records = tailTopic(broker, {
    topic: config.feedbackTopic,
    fromBeginning: true,
    signal,
    onTrouble: () => undefined,
    onReady: () => undefined,
  });
  for await (const { value } of records) {
    if (value === null) continue;
    events.push(feedbackEventSchema.parse(JSON.parse(new TextDecoder().decode(value))));
    if (events.length >= count) break;
  }
  return events;
}
