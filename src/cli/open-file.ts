import { createReadStream } from 'node:fs';
import { AssayError } from '../core/errors.ts';

/** The bytes of a file, in pieces; `-` is standard input. Throws BAD_REQUEST when it cannot be read. */
export async function* openFile(path: string): AsyncGenerator<Uint8Array> {
  const stream: AsyncIterable<Uint8Array> = path === '-' ? process.stdin : createReadStream(path);
  try {
    yield* stream;
  } catch (error) {
    throw toFileError(path, error);
  }
}

export function toFileError(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return error;
  const message =
    code === 'ENOENT' ? `there is no file ${path}` : `the file ${path} cannot be read (${code})`;
  return new AssayError('BAD_REQUEST', message, { context: { file: path }, cause: error });
}
