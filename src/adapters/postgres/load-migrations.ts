import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export interface Migration {
  readonly version: number;
  /** File name without number and ending: `registry`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the text, 64 hex digits; line endings do not count. */
  readonly checksum: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/** The SQL files beside this one, in order. Throws when the numbers do not run from 1 without a gap. */
export async function loadMigrations(): Promise<readonly Migration[]> {
  const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(files.map((file, index) => loadMigration(file, index + 1)));
}

async function loadMigration(file: string, expected: number): Promise<Migration> {
  const [, digits, name] = FILE_NAME.exec(file) ?? [];
  if (name === undefined || Number(digits) !== expected) {
    throw new Error(
      `migration file ${file}: expected number ${expected} and a name like 0001-name.sql`,
    );
  }
  const sql = (await readFile(new URL(file, FOLDER), 'utf8')).replaceAll('\r\n', '\n');
  return { version: expected, name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}
