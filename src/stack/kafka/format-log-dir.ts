import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './installation.ts';
import { toProperties } from './to-properties.ts';

export interface NewLogDir {
  readonly logDir: string;
  readonly nodeId: number;
  /** The same for all nodes; see `newUuid`. */
  readonly clusterId: string;
}

/** An id in Kafka's spelling: 16 bytes as 22 characters of base64url. */
export function newUuid(): string {
  const id = randomBytes(16).toString('base64url');
  // The tools would take a leading minus for an option.
  return id.startsWith('-') ? newUuid() : id;
}

/**
 * What `kafka-storage format` does to a new log directory; one in use stays as it is. The checkpoint matters: without it a broker
 * starts with all features at level 0, unlike production.
 */
export function formatLogDir(installation: Installation, newLogDir: NewLogDir): void {
  const { logDir, nodeId, clusterId } = newLogDir;
  const metaFile = join(logDir, 'meta.properties');
  if (existsSync(metaFile)) return;
  mkdirSync(logDir, { recursive: true });
  const meta = {
    version: '1',
    'cluster.id': clusterId,
    'node.id': String(nodeId),
    'directory.id': newUuid(),
  };
  copyFileSync(installation.checkpoint, join(logDir, 'bootstrap.checkpoint'));
  writeFileSync(metaFile, toProperties(meta));
}
