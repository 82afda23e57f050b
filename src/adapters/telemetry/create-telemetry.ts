import type { Totals } from '../../core/totals.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineEvent, Observer } from '../../ports/observer.ts';
import { EventCounter } from './count-events.ts';
import { createDeadLetterLines } from './dead-letter-lines.ts';
import { describeEvent } from './describe-event.ts';
import { Histogram } from './histogram.ts';
import { type Logger, writeLine } from './logger.ts';
import { createOutageLines } from './outage-lines.ts';
import { describeQuiet, describeSummary, hasHappened } from './summary-line.ts';

/** Hears everything the engine says, counts it and logs what people need to read. */
export interface Telemetry extends Observer {
  totals(): Totals;
  /** Writes the last summary and ends the timers. Events still count afterwards. */
  stop(): void;
}

const SUMMARY_INTERVAL_MS = 30_000;
const QUIET_INTERVAL_MS = 300_000;

/** Nothing about single traces is logged above debug: one summary every 30 s, if anything happened. */
export function createTelemetry(ports: {
  readonly logger: Logger;
  readonly clock: Clock;
}): Telemetry {
  const { logger } = ports;
  const counter = new EventCounter();
  const summary = createSummary(ports, counter);
  const deadLetters = createDeadLetterLines(ports);
  const outages = createOutageLines(ports);

  function log(event: EngineEvent): void {
    if (event.kind === 'dead_lettered') deadLetters.add(event);
    else if (event.kind === 'dependency_down') outages.down(event);
    else if (event.kind === 'dependency_up') outages.up(event);
    else if (event.kind === 'published') summary.published(event.sinceRecordMs);
    else {
      const line = describeEvent(event);
      if (line !== undefined) writeLine(logger, line);
    }
  }

  return {
    report(event) {
      counter.count(event);
      log(event);
    },
    totals: () => counter.totals(),
    stop() {
      deadLetters.stop();
      summary.stop();
    },
  };
}

/** The regular summary: a window of its own for latencies, differences for everything else. */
function createSummary(
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
  counter: EventCounter,
): { published(sinceRecordMs: number): void; stop(): void } {
  let latency = new Histogram();
  let before = counter.totals();
  let lineAtMs = clock.now();
  let cancelTimer = schedule();

  function schedule(): () => void {
    return clock.after(SUMMARY_INTERVAL_MS, () => {
      speak();
      cancelTimer = schedule();
    });
  }

  function speak(): void {
    const now = counter.totals();
    const elapsedMs = clock.now() - lineAtMs;
    if (hasHappened(before, now)) {
      const facts = { before, now, elapsedMs, latency: latency.durations() };
      writeLine(logger, describeSummary(facts));
    } else if (elapsedMs >= QUIET_INTERVAL_MS) writeLine(logger, describeQuiet(now, elapsedMs));
    else return;
    before = now;
    latency = new Histogram();
    lineAtMs = clock.now();
  }

  return {
    published: (sinceRecordMs) => latency.add(sinceRecordMs),
    stop() {
      cancelTimer();
      if (hasHappened(before, counter.totals())) speak();
    },
  };
}
