import { readFileSync } from 'node:fs';
import { AssayError } from '../core/errors.ts';

/** Text of a configuration file, undefined when it is not there. Throws CONFIG_INVALID when it cannot be read. */
export function readConfigText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return undefined;
    const message = `The configuration file ${path} cannot be read (${String(code)}).`;
    throw new AssayError('CONFIG_INVALID', message, { context: { file: path }, cause: error });
  }
}
