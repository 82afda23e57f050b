import { AssayError } from '../../core/errors.ts';
import type { Database, Statements } from './database.ts';
import { loadMigrations, type Migration } from './load-migrations.ts';
import { newerSchemaError } from './require-current-schema.ts';

export interface MigrationReport {
  /** Version of the schema before, 0 for none. */
  readonly from: number;
  readonly to: number;
}

interface Applied {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

const DOING = 'migrate the database schema';
/** Any number will do, as long as all versions of Assay use the same. */
const ADVISORY_LOCK = 2_026_112_100;
/** A migration may rewrite a large table, and wait for another instance that does. */
const TIMEOUT_MS = 60 * 60 * 1000;

/**
 * Creates or updates the schema `assay`: all missing migrations in one transaction, forward only. Several
 * may call at once; one does the work. Throws DATABASE_SCHEMA_OUTDATED when the schema is newer than this
 * code, or was made by migrations of the same numbers and other content.
 */
export async function migrate(database: Database): Promise<MigrationReport> {
  const migrations = await loadMigrations();
  return database.transaction(
    { doing: DOING, timeoutMs: TIMEOUT_MS, lockTimeoutMs: TIMEOUT_MS },
    async (statements) => {
      await statements.query(DOING, 'select pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
      await requireUtf8(statements);
      const applied = await readApplied(statements);
      requireSameHistory(applied, migrations);
      for (const migration of migrations.slice(applied.length)) await apply(statements, migration);
      return { from: applied.length, to: migrations.length };
    },
  );
}

async function requireUtf8(statements: Statements): Promise<void> {
  const [server] = await statements.query<{ encoding: string }>(
    DOING,
    `select current_setting('server_encoding') as encoding`,
  );
  if (server?.encoding === 'UTF8') return;
  throw new AssayError(
    'DATABASE_FAILED',
    `the database has encoding ${server?.encoding}, which cannot hold every trace: create it with encoding UTF8 (createdb --encoding=UTF8 --template=template0 NAME)`,
    { context: { encoding: server?.encoding } },
  );
}

async function readApplied(statements: Statements): Promise<readonly Applied[]> {
  await statements.query(
    DOING,
    `create schema if not exists assay;
     create table if not exists assay.migrations (
       version integer primary key,
       name text not null,
       checksum text not null,
       applied_at timestamptz not null default now()
     )`,
  );
  return statements.query<Applied>(
    DOING,
    'select version, name, checksum from assay.migrations order by version',
  );
}

function requireSameHistory(applied: readonly Applied[], migrations: readonly Migration[]): void {
  if (applied.length > migrations.length) throw newerSchemaError(applied.length, migrations.length);
  for (const [index, { version, name, checksum }] of applied.entries()) {
    const known = migrations[index];
    if (known?.version === version && known.checksum === checksum) continue;
    throw new AssayError(
      'DATABASE_SCHEMA_OUTDATED',
      `migration ${version} (${name}) of this database is not the one that this version of Assay knows: the schema was made by another edition of Assay; use that one, or an empty database`,
      { context: { version, name } },
    );
  }
}

async function apply(statements: Statements, migration: Migration): Promise<void> {
  const { version, name, sql, checksum } = migration;
  await statements.query(`apply migration ${version} (${name})`, sql);
  await statements.query(
    DOING,
    'insert into assay.migrations (version, name, checksum) values ($1, $2, $3)',
    [version, name, checksum],
  );
}
