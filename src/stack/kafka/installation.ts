import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KAFKA_POM } from './kafka-pom.ts';

/** The files of one Kafka installation, all in one folder. */
export interface Installation {
  readonly folder: string;
  readonly pom: string;
  readonly jars: string;
  /** What Java takes as class path: the launcher expands the star, not a shell. */
  readonly classPath: string;
  /** The first record of a cluster's metadata log, as `kafka-storage format` makes it. Equal for all nodes. */
  readonly checkpoint: string;
  /** Written last. Names each jar with its size. */
  readonly manifest: string;
}

export function installationAt(folder: string): Installation {
  const jars = join(folder, 'jars');
  return {
    folder,
    pom: join(folder, 'pom.xml'),
    jars,
    classPath: join(jars, '*'),
    checkpoint: join(folder, 'bootstrap.checkpoint'),
    manifest: join(folder, 'complete.json'),
  };
}

export function markComplete(installation: Installation): void {
  writeFileSync(installation.manifest, manifestOf(installation));
}

/** Whether the installation is whole and the one this version of Assay wants. */
export function isComplete(installation: Installation): boolean {
  try {
    return (
      readFileSync(installation.pom, 'utf8') === KAFKA_POM &&
      statSync(installation.checkpoint).size > 0 &&
      readFileSync(installation.manifest, 'utf8') === manifestOf(installation)
    );
  } catch {
    return false;
  }
}

function manifestOf({ jars }: Installation): string {
  const sizes = readdirSync(jars)
    .toSorted()
    .map((jar) => [jar, statSync(join(jars, jar)).size]);
  return JSON.stringify(Object.fromEntries(sizes), null, 2);
}
