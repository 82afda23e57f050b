import type { DeadLetterReason } from '../../core/dead-letter.ts';
import { partitionKey } from '../../core/position.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EngineEvent } from '../../ports/observer.ts';
import { type Logger, writeLine } from './logger.ts';

type DeadLettered = Extract<EngineEvent, { readonly kind: 'dead_lettered' }>;

const INTERVAL_MS = 10_000;

/**
 * Tells of dead letters: the first at once, those of the next 10 s together in one line, and so on.
 * Each one has a line of its own at debug.
 */
export interface DeadLetterLines {
  add(event: DeadLettered): void;
  /** Says what is still unsaid and forgets the timer. */
  stop(): void;
}

export function createDeadLetterLines(ports: {
  readonly logger: Logger;
  readonly clock: Clock;
}): DeadLetterLines {
  const { logger, clock } = ports;
  let newest: DeadLettered | undefined;
  let counts = new Map<DeadLetterReason, number>();
  let cancelTimer: (() => void) | undefined;

  function speak(): void {
    if (newest === undefined) return;
    writeSummary(logger, newest, counts);
    newest = undefined;
    counts = new Map();
  }

  function speakAndWait(): void {
    if (newest === undefined) {
      cancelTimer = undefined;
      return;
    }
    speak();
    cancelTimer = clock.after(INTERVAL_MS, speakAndWait);
  }

  return {
    add(event) {
      const { kind, position, ...facts } = event;
      logger.debug({ event: kind, ...position, ...facts }, `dead letter: ${event.detail}`);
      newest = event;
      counts.set(event.reason, (counts.get(event.reason) ?? 0) + 1);
      if (cancelTimer === undefined) speakAndWait();
    },
    stop() {
      cancelTimer?.();
      cancelTimer = undefined;
      speak();
    },
  };
}

function writeSummary(
  logger: Logger,
  { position, reason, stage, detail }: DeadLettered,
  counts: ReadonlyMap<DeadLetterReason, number>,
): void {
  const count = [...counts.values()].reduce((sum, one) => sum + one, 0);
  const letters = count === 1 ? 'one dead letter' : `${count} dead letters`;
  const where = `${partitionKey(position)} offset ${position.offset}`;
  writeLine(logger, {
    level: 'warn',
    fields: {
      event: 'dead_letters',
      count,
      reasons: Object.fromEntries(counts),
      ...position,
      reason,
      stage,
      detail,
    },
    message: `${letters}, the newest at ${where}: ${reason}: ${detail}`,
  });
}
