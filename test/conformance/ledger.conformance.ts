import { describe, expect, it } from 'vitest';
import type { Claim } from '../../src/core/claim.ts';
import type { PickResult } from '../../src/core/result.ts';
import { feedback, NOW_MS, pickKey } from '../adapters/postgres/entries.ts';
import { entryAt } from '../adapters/postgres/open-ledger.ts';
import type { StoreBench } from './stores.ts';

export function describeLedger(bench: StoreBench): void {
  describe('the ledger', () => {
    describeRecord(bench);
    describeReading(bench);
  });
}

/** Live results of the claimed partition. */
async function readLive(
  bench: StoreBench,
  claim: Claim,
  fromOffset = 0,
): Promise<readonly PickResult[]> {
  const results: PickResult[] = [];
  for await (const page of bench.stores.ledger.liveResults(claim, fromOffset)) {
    expect(page.length).toBeGreaterThan(0);
    results.push(...page);
  }
  return results;
}

const offsetsOf = (results: readonly PickResult[]): readonly number[] =>
  results.map(({ pick }) => pick.position.offset);

function describeRecord(bench: StoreBench): void {
  it('stores a result, and gives it back when the same cause comes again with another', async () => {
    const claim = await bench.claim();
    const entry = entryAt(claim, 1);
    expect(await bench.stores.ledger.record([entry])).toEqual([{ kind: 'stored' }]);
    const result = { outcome: 'failed', feedback: [], createdAtMs: 1 } as const;
    const answer = await bench.stores.ledger.record([entryAt(claim, 1, { result })]);
    expect(answer).toEqual([{ kind: 'own', result: entry.result }]);
  });

  it('says already_scored to another record, another time of the record, and another partition', async () => {
    const claim = await bench.claim();
    const elsewhere = await bench.claim(3);
    const first = entryAt(claim, 1);
    const { key } = first.result.pick;
    await bench.stores.ledger.record([first]);
    const others = [
      entryAt(claim, 2, { pick: { key } }),
      // Where the topic was made again.
      entryAt(claim, 1, { pick: { key, recordTimestampMs: 5n } }),
      entryAt(elsewhere, 1, { pick: { key } }),
    ];
    for (const other of others) {
      expect(await bench.stores.ledger.record([other])).toEqual([{ kind: 'already_scored' }]);
    }
    expect(offsetsOf(await readLive(bench, claim))).toEqual([1]);
  });

  it('answers in the order of the entries', async () => {
    const claim = await bench.claim();
    await bench.stores.ledger.record([entryAt(claim, 2)]);
    const taken = entryAt(claim, 2).result.pick.key;
    const answers = await bench.stores.ledger.record([
      entryAt(claim, 5),
      entryAt(claim, 2),
      entryAt({ ...claim, epoch: claim.epoch - 1 }, 4),
      entryAt(claim, 6, { pick: { key: taken } }),
      entryAt(claim, 1),
    ]);
    expect(answers.map(({ kind }) => kind)).toEqual([
      'stored',
      'own',
      'claim_lost',
      'already_scored',
      'stored',
    ]);
  });

  it('lets the first of two entries with the same key win, within one statement', async () => {
    const claim = await bench.claim();
    const first = entryAt(claim, 1);
    const { key } = first.result.pick;
    const answers = await bench.stores.ledger.record([
      first,
      entryAt(claim, 2, { pick: { key } }),
      entryAt(claim, 1),
    ]);
    expect(answers).toEqual([
      { kind: 'stored' },
      { kind: 'already_scored' },
      { kind: 'own', result: first.result },
    ]);
  });

  it('does not count an entry without a claim as the first of its key', async () => {
    const claim = await bench.claim();
    const lost = { ...claim, epoch: claim.epoch - 1 };
    const answers = await bench.stores.ledger.record([entryAt(lost, 1), entryAt(claim, 1)]);
    expect(answers).toEqual([{ kind: 'claim_lost' }, { kind: 'stored' }]);
  });

  it('stores nothing under a claim that was raised, also where the result is there', async () => {
    const claim = await bench.claim();
    await bench.stores.ledger.record([entryAt(claim, 1)]);
    const raised = await bench.raise(claim);
    const answers = await bench.stores.ledger.record([entryAt(claim, 1), entryAt(claim, 2)]);
    expect(answers).toEqual([{ kind: 'claim_lost' }, { kind: 'claim_lost' }]);
    expect(offsetsOf(await readLive(bench, raised))).toEqual([1]);
  });

  it('refuses the whole batch for the content of one result, and stores nothing', async () => {
    const claim = await bench.claim();
    const result = { feedback: [feedback({ value: 'a\u0000b' })] };
    const batch = [entryAt(claim, 1), entryAt(claim, 2, { result })];
    await expect(bench.stores.ledger.record(batch)).rejects.toMatchObject({
      code: 'DATABASE_ROW_REFUSED',
      retryable: false,
    });
    expect(await readLive(bench, claim)).toEqual([]);
  });

  it('has nothing to do for nothing', async () => {
    expect(await bench.stores.ledger.record([])).toEqual([]);
  });
}

function describeReading(bench: StoreBench): void {
  it('gives live results from an offset on, in the order of offset and key, of one partition', async () => {
    const claim = await bench.claim();
    const elsewhere = await bench.claim(1);
    const same = [1, 2, 3].map((number) =>
      entryAt(claim, 5, { pick: { key: pickKey(`${claim.topic} ${number}`) } }),
    );
    await bench.stores.ledger.record([
      ...[9, 3, 5, 4].map((offset) => entryAt(claim, offset)),
      ...same,
      entryAt(elsewhere, 5),
    ]);
    const results = await readLive(bench, claim, 4);
    expect(offsetsOf(results)).toEqual([4, 5, 5, 5, 5, 9]);
    const keys = results.slice(1, 5).map(({ pick }) => pick.key);
    expect(keys).toEqual(keys.toSorted());
  });

  it('gives each result once, also those of many pages, and no page for nothing', async () => {
    const claim = await bench.claim();
    expect(await readLive(bench, claim)).toEqual([]);
    const offsets = Array.from({ length: 1_201 }, (_, offset) => offset);
    await bench.stores.ledger.record(offsets.map((offset) => entryAt(claim, offset)));
    expect(offsetsOf(await readLive(bench, claim))).toEqual(offsets);
  });

  it('goes on behind the last page, whatever was stored before it meanwhile', async () => {
    const claim = await bench.claim();
    const offsets = Array.from({ length: 1_201 }, (_, offset) => offset + 10);
    await bench.stores.ledger.record(offsets.map((offset) => entryAt(claim, offset)));
    const read: number[] = [];
    for await (const page of bench.stores.ledger.liveResults(claim, 0)) {
      if (read.length === 0) await bench.stores.ledger.record([entryAt(claim, 1)]);
      read.push(...offsetsOf(page));
    }
    expect(read).toEqual(offsets);
  });

  it('gives all results of a trace in its experiment, by any spelling, newest last', async () => {
    const claim = await bench.claim();
    const [experimentId, other] = [bench.name('e'), bench.name('e')];
    const hex = pickKey(claim.topic);
    const spellings = [`tr-${hex}`, hex, hex.toUpperCase(), `trace:/main.genai/${hex}`];
    await bench.stores.ledger.record([
      ...spellings.map((traceId, offset) =>
        entryAt(claim, offset, {
          pick: { traceId, experimentId },
          result: { createdAtMs: NOW_MS - offset },
        }),
      ),
      entryAt(claim, 9, { pick: { traceId: hex, experimentId: other } }),
    ]);
    const found = await bench.stores.ledger.resultsOfTrace(experimentId, `tr-${hex}`);
    expect(offsetsOf(found)).toEqual([3, 2, 1, 0]);
    expect(await bench.stores.ledger.resultsOfTrace(bench.name('e'), `tr-${hex}`)).toEqual([]);
  });
}
