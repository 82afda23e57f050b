import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { KAFKA_VERSION } from '../../src/stack/kafka/kafka-pom.ts';
import { runsFolder } from '../../src/stack/open-run.ts';
import { type RunRecord, readRunRecord } from '../../src/stack/run-record.ts';

const INSTALLED = join(import.meta.dirname, '..', '..', '.assay', `kafka-${KAFKA_VERSION}`);

export interface StateDir extends Disposable {
  readonly path: string;
  /** Records of the runs that are going on, or were left behind. */
  records(): readonly RunRecord[];
}

/** A state folder of the test's own, so that no other start clears what it leaves behind. */
export function makeStateDir(): StateDir {
  const path = mkdtempSync(join(tmpdir(), 'stack-test-'));
  mkdirSync(runsFolder(path));
  // Spares each test the download.
  if (existsSync(INSTALLED)) symlinkSync(INSTALLED, join(path, basename(INSTALLED)), 'junction');
  return {
    path,
    records() {
      return readdirSync(runsFolder(path))
        .filter((file) => file.endsWith('.json'))
        .flatMap((file) => readRunRecord(join(runsFolder(path), file)) ?? []);
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
