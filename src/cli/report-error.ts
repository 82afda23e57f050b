import { CommanderError } from 'commander';
import { AssayError } from '../core/errors.ts';
import type { CliContext } from './cli-context.ts';
import { EXIT_CODE_OF } from './exit-code.ts';
import { Interruption } from './interruption.ts';

export interface ReportOptions {
  /** One JSON object instead of `code: message`. */
  readonly json: boolean;
}

/** Writes what a command failed with to standard error and returns the exit code. */
export async function reportError(
  thrown: unknown,
  { stderr, debug }: Pick<CliContext, 'stderr' | 'debug'>,
  { json }: ReportOptions,
): Promise<number> {
  if (thrown instanceof Interruption) return thrown.exitCode;
  const error = toAssayError(thrown);
  await stderr.write(json ? toJson(error) : `${error.code}: ${error.message}\n`);
  if (debug) await stderr.write(`${stackOf(thrown)}\n`);
  return EXIT_CODE_OF[error.code];
}

function toAssayError(thrown: unknown): AssayError {
  if (thrown instanceof AssayError) return thrown;
  if (thrown instanceof CommanderError) {
    return new AssayError('COMMAND_INVALID', toSentence(thrown.message));
  }
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `${what}. This is a fault of Assay; ASSAY_LOG_LEVEL=debug shows where it comes from.`;
  return new AssayError('INTERNAL', message, { cause: thrown });
}

/** `error: unknown command 'scorer'⏎(Did you mean scorers?)` on one line and without its prefix. */
function toSentence(message: string): string {
  return message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
}

function toJson({ code, message, retryable, context }: AssayError): string {
  const facts = Object.entries(context).map(([key, value]) => [toSnakeCase(key), value]);
  return `${JSON.stringify({ ...Object.fromEntries(facts), code, message, retryable }, bigintAsText)}\n`;
}

function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${stackOf(thrown.cause)}`;
  return `${thrown.stack ?? thrown.message}${cause}`;
}
