import { AssayError } from '../../core/errors.ts';
import type { Statements } from './database.ts';
import { loadMigrations } from './load-migrations.ts';

const DOING = 'read the version of the database schema';

/** Throws DATABASE_SCHEMA_OUTDATED, with what to do, unless the schema is the one this code was written for. */
export async function requireCurrentSchema(statements: Statements): Promise<void> {
  const needed = (await loadMigrations()).length;
  const present = await schemaVersion(statements);
  if (present > needed) throw newerSchemaError(present, needed);
  if (present < needed) {
    throw new AssayError(
      'DATABASE_SCHEMA_OUTDATED',
      present === 0
        ? 'the database has no Assay schema yet: run `assay migrate`'
        : `the database schema is version ${present}, this version of Assay needs ${needed}: run \`assay migrate\``,
      { context: { present, needed } },
    );
  }
}

export function newerSchemaError(present: number, needed: number): AssayError {
  return new AssayError(
    'DATABASE_SCHEMA_OUTDATED',
    `the database schema is version ${present}, newer than the ${needed} that this version of Assay knows: upgrade Assay`,
    { context: { present, needed } },
  );
}

async function schemaVersion(statements: Statements): Promise<number> {
  const [table] = await statements.query<{ exists: boolean }>(
    DOING,
    `select to_regclass('assay.migrations') is not null as exists`,
  );
  if (table?.exists !== true) return 0;
  const [newest] = await statements.query<{ version: number }>(
    DOING,
    'select coalesce(max(version), 0) as version from assay.migrations',
  );
  return newest?.version ?? 0;
}
