import type { Clock } from '../../ports/clock.ts';
import type { EngineEvent } from '../../ports/observer.ts';
import { type Logger, type LogLine, writeLine } from './logger.ts';

type Down = Extract<EngineEvent, { readonly kind: 'dependency_down' }>;
type Up = Extract<EngineEvent, { readonly kind: 'dependency_up' }>;

/** Between two lines about one outage: every retry of every partition reports it. */
const REPEAT_MS = 30_000;
/** A dependency that fails and recovers faster than this is one trouble, not many. */
const FLUTTER_MS = 1_000;

interface Outage {
  /** undefined while the dependency is up. */
  readonly sinceMs: number | undefined;
  /** Whether a line has told of this outage. */
  readonly announced: boolean;
  readonly lineAtMs: number;
  /** Reports since that line. */
  readonly unsaid: number;
}

const NEVER: Outage = {
  sinceMs: undefined,
  announced: false,
  lineAtMs: Number.NEGATIVE_INFINITY,
  unsaid: 0,
};

/** Tells of outages of Kafka and Postgres: once when they begin, now and then while they last, when they end. */
export function createOutageLines(ports: { readonly logger: Logger; readonly clock: Clock }): {
  down(event: Down): void;
  up(event: Up): void;
} {
  const { logger, clock } = ports;
  const outages = new Map<string, Outage>();

  return {
    down(event) {
      const now = clock.now();
      const known = outages.get(event.dependency) ?? NEVER;
      const sinceMs = known.sinceMs ?? now;
      if (now - known.lineAtMs < (known.announced ? REPEAT_MS : FLUTTER_MS)) {
        outages.set(event.dependency, { ...known, sinceMs, unsaid: known.unsaid + 1 });
        return;
      }
      outages.set(event.dependency, { sinceMs, announced: true, lineAtMs: now, unsaid: 0 });
      writeLine(logger, toLine(event, { downForMs: now - sinceMs, unsaid: known.unsaid }));
    },

    up(event) {
      const known = outages.get(event.dependency) ?? NEVER;
      outages.set(event.dependency, { ...known, sinceMs: undefined, announced: false });
      // Of an outage that no line told of, none needs to tell the end.
      if (!known.announced) return;
      const { kind, ...facts } = event;
      writeLine(logger, {
        level: 'info',
        fields: { event: kind, ...facts },
        message: `${event.dependency} is up again after ${toSeconds(event.downForMs)} s`,
      });
    },
  };
}

function toLine(
  { kind, ...facts }: Down,
  more: { readonly downForMs: number; readonly unsaid: number },
): LogLine {
  const lasting = more.downForMs === 0 ? '' : ` for ${toSeconds(more.downForMs)} s`;
  return {
    level: 'warn',
    fields: { event: kind, ...facts, ...more },
    message: `${facts.dependency} is down${lasting}: ${facts.code}: ${facts.detail}`,
  };
}

function toSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}
