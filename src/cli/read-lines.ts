import { AssayError } from '../core/errors.ts';

export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its line end. */
  readonly bytes: Uint8Array;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, CARRIAGE_RETURN]);
/** Far above what a broker takes in one message. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/**
 * The lines of a file that are not blank, one at a time, whatever its size. Lines end with a newline
 * byte only: JSON text may hold every other kind of line separator.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  maxLineBytes = MAX_LINE_BYTES,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let partBytes = 0;
  let number = 0;

  function* complete(last: Uint8Array): Generator<Line> {
    number++;
    const bytes = withoutCarriageReturn(Buffer.concat([...parts, last]));
    parts = [];
    partBytes = 0;
    if (!bytes.every((byte) => BLANKS.has(byte))) yield { number, bytes };
  }

  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      yield* complete(chunk.subarray(from, end));
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    partBytes += chunk.length - from;
    if (partBytes > maxLineBytes) {
      const message = `line ${number + 1} is longer than ${maxLineBytes} bytes; a file of traces has one on each line`;
      throw new AssayError('BAD_REQUEST', message, { context: { line: number + 1 } });
    }
  }
  if (partBytes > 0) yield* complete(new Uint8Array());
}

function withoutCarriageReturn(line: Uint8Array): Uint8Array {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
