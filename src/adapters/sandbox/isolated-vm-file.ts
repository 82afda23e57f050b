import { createRequire } from 'node:module';
import { dirname } from 'node:path';

/** The compiled library of isolated-vm for this machine: the process is to read nothing else of it. */
export function isolatedVmFile(): string {
  const require = createRequire(import.meta.url);
  const entry = require.resolve('isolated-vm');
  // It is what isolated-vm itself asks; it has no types.
  const { path: findFile } = createRequire(entry)('node-gyp-build') as {
    readonly path: (folder: string) => string;
  };
  return findFile(dirname(entry));
}
