import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino';

export interface LoggerOptions {
  /** A pino level, or `silent`. */
  readonly level: string;
  /** Standard output where absent. */
  readonly destination?: DestinationStream;
}

/** JSON lines: level as a word, ISO time, `msg`. Written at once, so that a crash loses none. */
export function createLogger({ level, destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
