export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

type Log = (fields: Readonly<Record<string, unknown>>, message: string) => void;

/** The part of a pino logger that telemetry uses. */
export type Logger = Readonly<Record<LogLevel, Log>>;

/** One line to be: what happened as fields, and a sentence for people. */
export interface LogLine {
  readonly level: LogLevel;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

export function writeLine(logger: Logger, { level, fields, message }: LogLine): void {
  logger[level](fields, message);
}
