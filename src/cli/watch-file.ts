import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { toFileError } from './open-file.ts';

/** One save may be several events: an editor empties, writes and renames. */
const SETTLE_MS = 50;

/**
 * Calls back after each save of a file, until the returned function is called. Watches the folder, since many editors
 * put a new file in the place of the old one. Throws BAD_REQUEST when there is no such folder.
 */
export function watchFile(path: string, onSave: () => void): () => void {
  const name = basename(path);
  let timer: NodeJS.Timeout | undefined;
  try {
    const watcher = watch(dirname(path), (_event, changed) => {
      // Some systems do not say which file it is.
      if (changed !== null && changed !== name) return;
      clearTimeout(timer);
      timer = setTimeout(onSave, SETTLE_MS);
    });
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch (error) {
    throw toFileError(path, error);
  }
}
