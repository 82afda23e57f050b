import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeDoneSet } from '../../src/core/offsets/done-set.ts';
import { kafkaAway } from './fakes/errors.ts';
import {
  COMMIT_MS,
  openProcessor,
  PARTITION,
  type ProcessorHarness,
} from './fakes/processor-harness.ts';
import { batchAt } from './fakes/records.ts';
import { turns } from './fakes/turns.ts';

/** What happens to a partition, in any order. Numbers choose among what is possible then. */
type Action =
  | { readonly kind: 'batch'; readonly gaps: readonly number[] }
  | { readonly kind: 'redelivery'; readonly from: number }
  | { readonly kind: 'finish'; readonly which: number }
  | { readonly kind: 'commit'; readonly fails: boolean };

const actions = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('batch' as const),
        gaps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('redelivery' as const), from: fc.nat() }),
    },
    { weight: 8, arbitrary: fc.record({ kind: fc.constant('finish' as const), which: fc.nat() }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('commit' as const), fails: fc.boolean() }),
    },
  ),
  { maxLength: 60 },
);

/** The same history kept in the plainest way, to judge the processor by. */
class Model {
  readonly harness: ProcessorHarness = openProcessor();
  /** Every offset that exists, ascending. */
  readonly offsets: number[] = [];
  readonly finished = new Set<number>();
  #next = 0;

  get unfinished(): readonly number[] {
    return this.offsets.filter((offset) => !this.finished.has(offset));
  }

  async do(action: Action): Promise<void> {
    const { harness } = this;
    switch (action.kind) {
      case 'batch': {
        const batch = action.gaps.map((gap) => (this.#next += gap));
        this.offsets.push(...batch);
        harness.accept(...batch);
        return;
      }
      case 'redelivery': {
        const again = this.offsets.slice(action.from % (this.offsets.length + 1));
        if (again.length > 0) harness.accept(...again);
        return;
      }
      case 'finish': {
        const offset = this.unfinished[action.which % Math.max(1, this.unfinished.length)];
        if (offset === undefined) return;
        this.finished.add(offset);
        harness.finish(offset);
        await turns(1);
        return;
      }
      case 'commit':
        harness.commitWith = () => (action.fails ? Promise.reject(kafkaAway()) : Promise.resolve());
        harness.clock.advance(COMMIT_MS);
        await turns(2);
    }
  }
}

describe('a partition, whatever happens', () => {
  it('commits only what is finished, and never goes back (I1, I2)', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (history) => {
        const model = new Model();
        model.harness.run();
        for (const action of history) {
          const before = model.harness.commits.length;
          await model.do(action);
          for (const { offset, metadata } of model.harness.commits.slice(before)) {
            expect(offset).toBeLessThanOrEqual(model.unfinished[0] ?? Number.POSITIVE_INFINITY);
            const done = decodeDoneSet(offset, metadata) ?? [];
            const open = model.unfinished.filter((each) =>
              done.some(([from, to]) => each >= from && each < to),
            );
            expect(open).toEqual([]);
          }
        }
        const committed = model.harness.commits.map(({ offset }) => offset);
        expect(committed).toEqual(committed.toSorted((a, b) => a - b));
        expect(model.harness.faults).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('works each offset once, and after the end the next owner gets exactly the unfinished ones', async () => {
    await fc.assert(
      fc.asyncProperty(actions, async (history) => {
        const model = new Model();
        model.harness.run();
        for (const action of history) await model.do(action);
        model.harness.commitWith = () => Promise.resolve();
        expect(model.harness.started).toEqual(model.offsets);
        void model.harness.processor.drain();
        await model.harness.processor.close();

        const { offset, metadata } = model.harness.commits.at(-1) ?? { offset: 0, metadata: '' };
        const next = openProcessor();
        next.run({ offset, finished: decodeDoneSet(offset, metadata) ?? [] });
        const rest = model.offsets.filter((each) => each >= offset);
        if (rest.length > 0) next.processor.accept(batchAt(PARTITION, rest));
        expect(next.started).toEqual(model.unfinished);
      }),
      { numRuns: 60 },
    );
  });

  it('commits nothing once it is lost, whatever is finished later (I3)', async () => {
    await fc.assert(
      fc.asyncProperty(actions, fc.nat(), async (history, moment) => {
        const model = new Model();
        model.harness.run();
        const lostAt = moment % (history.length + 1);
        for (const action of history.slice(0, lostAt)) await model.do(action);
        model.harness.processor.lose();
        const commits = model.harness.commits.length;
        const done = model.harness.observer.of('record_done').length;
        for (const action of history.slice(lostAt)) await model.do(action);
        await model.do({ kind: 'commit', fails: false });
        expect(model.harness.commits).toHaveLength(commits);
        expect(model.harness.observer.of('record_done')).toHaveLength(done);
        model.harness.finish(...model.offsets);
        await turns();
        expect(model.harness.budget.traces).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
