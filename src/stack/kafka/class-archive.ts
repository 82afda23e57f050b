import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../open-run.ts';
import type { Installation } from './installation.ts';

/**
 * Java can keep the loaded classes of a program in a file; with it a broker starts in half the time. The
 * first broker writes it when it stops. Another Java ignores the file, so it carries the version.
 */
export interface ClassArchive {
  readonly javaOptions: readonly string[];
  /** Whether the broker writes the archive when it stops cleanly, which takes it some seconds. */
  readonly isWritten: boolean;
  /** After a clean stop. */
  keep(): void;
}

export interface ClassArchiveOptions {
  readonly installation: Installation;
  readonly javaVersion: string;
  readonly run: Run;
}

export function classArchive({
  installation,
  javaVersion,
  run,
}: ClassArchiveOptions): ClassArchive {
  const archive = join(installation.folder, `classes-${javaVersion}.jsa`);
  if (existsSync(archive)) {
    return {
      javaOptions: [`-XX:SharedArchiveFile=${archive}`],
      isWritten: false,
      keep: () => undefined,
    };
  }
  // On the same volume, so that it can be moved to its place.
  const draft = join(run.addFolder(installation.folder), 'classes.jsa');
  return {
    javaOptions: [`-XX:ArchiveClassesAtExit=${draft}`],
    isWritten: true,
    keep() {
      try {
        renameSync(draft, archive);
      } catch {
        // It was not written, or cannot be kept: the next start is slower, and the next stop tries again.
      }
    },
  };
}
