import { afterEach, describe, expect, it } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { loadMigrations } from '../../../src/adapters/postgres/load-migrations.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';
import { requireCurrentSchema } from '../../../src/adapters/postgres/require-current-schema.ts';
import { openDatabase, type TestDatabase } from './open-database.ts';

let test: TestDatabase | undefined;
afterEach(async () => {
  await test?.[Symbol.asyncDispose]();
  test = undefined;
});

describe('migrate', () => {
  it('creates the schema once, and finds nothing to do the second time', async () => {
    test = await openDatabase({ empty: true });
    const newest = (await loadMigrations()).length;
    expect(await migrate(test.database)).toEqual({ from: 0, to: newest });
    expect(await migrate(test.database)).toEqual({ from: newest, to: newest });
    await requireCurrentSchema(test.database);
  });

  it('lets one of several do the work when all start at once', async () => {
    test = await openDatabase({ empty: true });
    const newest = (await loadMigrations()).length;
    const { url } = test;
    const databases = await Promise.all([0, 1, 2].map(() => connectPostgres({ url })));
    const reports = await Promise.all(databases.map(migrate));
    await Promise.all(databases.map((database) => database.close()));
    expect(reports.map(({ from }) => from).toSorted((a, b) => a - b)).toEqual([0, newest, newest]);
  });

  it('refuses a schema that was made by other migrations', async () => {
    test = await openDatabase();
    await test.database.query(
      'test',
      `update assay.migrations set checksum = 'x' where version = 2`,
    );
    await expect(migrate(test.database)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_OUTDATED',
      context: { version: 2 },
    });
  });

  it('refuses a schema that is newer than the code', async () => {
    test = await openDatabase();
    await test.database.query(
      'test',
      `insert into assay.migrations (version, name, checksum) values (1000, 'future', 'x')`,
    );
    await expect(migrate(test.database)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_OUTDATED',
    });
    await expect(requireCurrentSchema(test.database)).rejects.toMatchObject({
      code: 'DATABASE_SCHEMA_OUTDATED',
      message: expect.stringContaining('upgrade Assay') as string,
    });
  });
});

describe('requireCurrentSchema', () => {
  it('tells to run assay migrate on an empty database and on an old schema', async () => {
    test = await openDatabase({ empty: true });
    const outdated = {
      code: 'DATABASE_SCHEMA_OUTDATED',
      message: expect.stringContaining('`assay migrate`') as string,
    };
    await expect(requireCurrentSchema(test.database)).rejects.toMatchObject(outdated);
    await migrate(test.database);
    await test.database.query('test', 'delete from assay.migrations where version > 1');
    await expect(requireCurrentSchema(test.database)).rejects.toMatchObject(outdated);
  });
});

describe('loadMigrations', () => {
  it('numbers the files from 1 without a gap', async () => {
    const versions = (await loadMigrations()).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, index) => index + 1));
  });
});
