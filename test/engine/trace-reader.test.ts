import { describe, expect, it } from 'vitest';
import { toArchiveRow } from '../../src/core/to-archive-row.ts';
import { createTraceReader } from '../../src/engine/trace-reader.ts';
import { createFakeArchive } from './fakes/fake-archive.ts';
import { FakeDatabase } from './fakes/fake-database.ts';
import { createFakeLedger } from './fakes/fake-ledger.ts';
import { createFakeRegistry } from './fakes/fake-registry.ts';
import { PARTITION } from './fakes/processor-harness.ts';
import { pickResult } from './fakes/results.ts';
import { openScope } from './fakes/scopes.ts';
import { arrivalOf, traceIdOf, traceRecord } from './fakes/traces.ts';

async function openReader() {
  const database = new FakeDatabase();
  const archive = createFakeArchive(database);
  const ledger = createFakeLedger(database);
  const registry = createFakeRegistry(database);
  const { claim } = openScope(database);
  const row = toArchiveRow(arrivalOf(traceRecord(PARTITION, 5)), 3);
  await archive.append([{ row, claim }]);
  await ledger.record([{ result: pickResult({ offset: 5 }), claim }]);
  return { row, registry, reader: createTraceReader({ archive, ledger, registry }) };
}

describe('reading a trace', () => {
  it.each([
    ['as it stands', traceIdOf(5)],
    ['bare', traceIdOf(5).slice(3)],
    ['in capitals', traceIdOf(5).slice(3).toUpperCase()],
    ['with its location', `trace:/main.genai/${traceIdOf(5).slice(3)}`],
  ])('finds it with its feedback, by its id %s', async (_, id) => {
    const { row, reader } = await openReader();
    const body = new TextDecoder().decode(row.body);
    expect(await reader.get('0', id)).toMatchObject({
      trace: { row: { ...row, body } },
      results: [pickResult({ offset: 5 })],
    });
  });

  it.each([
    ['another id', '0', traceIdOf(6)],
    ['another experiment', '1', traceIdOf(5)],
  ])('says what may be the reason when there is none of %s', async (_, experimentId, id) => {
    const { reader } = await openReader();
    await expect(reader.get(experimentId, id)).rejects.toMatchObject({
      code: 'TRACE_NOT_FOUND',
      context: { experimentId, traceId: id },
    });
  });

  it('lists experiments', async () => {
    const { registry, reader } = await openReader();
    await registry.ensureExperiments(['0', '7']);
    expect((await reader.experiments()).map(({ experimentId }) => experimentId)).toEqual([
      '0',
      '7',
    ]);
  });
});
