import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { readSourceFiles } from './source-files.ts';

const LOCK_FILES = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
] as const;

/**
 * What code a scorer file runs: SHA-256 (64 hex digits) over the file, all it imports outside
 * node_modules, and the nearest lock file above it. Paths count relative to the file's folder, so that
 * the same code has the same hash on every machine.
 */
export async function hashCode(entry: string): Promise<string> {
  const folder = dirname(entry);
  const parts = (await readSourceFiles(entry)).map(({ path, content }) => ({
    name: relative(folder, path).split(sep).join('/'),
    content,
  }));
  parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  const lockFile = await readLockFile(folder);
  const hash = createHash('sha256');
  for (const { name, content } of lockFile === undefined ? parts : [...parts, lockFile]) {
    // Name and length first, so that no two lists of files give the same bytes.
    hash.update(`${JSON.stringify([name, content.length])}\n`);
    hash.update(content);
  }
  return hash.digest('hex');
}

/** The lock file in the folder or in the nearest one above it. */
async function readLockFile(
  folder: string,
): Promise<{ readonly name: string; readonly content: Buffer } | undefined> {
  for (const name of LOCK_FILES) {
    const content = await readIfThere(join(folder, name));
    if (content !== undefined) return { name: `lock file ${name}`, content };
  }
  const above = dirname(folder);
  return above === folder ? undefined : readLockFile(above);
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch {
    return undefined;
  }
}
