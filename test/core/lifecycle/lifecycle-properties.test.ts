import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAssayError } from '../../../src/core/errors.ts';
import {
  decideDelete,
  decideLoad,
  decideRegister,
  decideStart,
  decideStop,
  decideUpdate,
} from '../../../src/core/lifecycle/lifecycle.ts';
import type { ScorerChange, ScorerContext } from '../../../src/core/lifecycle/scorer-change.ts';
import { contains, moduleScorer, Scenario, TONE } from './lifecycle-scenario.ts';

interface Operation {
  readonly called: string;
  readonly decide: (context: ScorerContext) => ScorerChange | undefined;
}

const definition = fc.oneof(
  fc.constantFrom('a', 'b', 'c').map(contains),
  fc.constantFrom('1', '2', '3').map(moduleScorer),
);
const change = fc.record(
  {
    sampleRate: fc.constantFrom(0, 0.2, 1, 2, Number.NaN),
    filterString: fc.constantFrom(null, '', "status = 'OK'", "name = 'x'", 'not a filter'),
    version: fc.integer({ min: 1, max: 6 }),
  },
  { requiredKeys: [] },
);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  definition.map((given) => ({
    called: 'register',
    decide: (context: ScorerContext) =>
      decideRegister(context, { ...TONE, definition: given, maxScorers: 20 }),
  })),
  definition.map((given) => ({
    called: 'load',
    decide: (context: ScorerContext) => decideLoad(context, { ...TONE, definition: given }),
  })),
  change.map((given) => ({
    called: 'start',
    decide: (context: ScorerContext) => decideStart(context, { ...TONE, ...given }),
  })),
  change.map((given) => ({
    called: 'update',
    decide: (context: ScorerContext) => decideUpdate(context, { ...TONE, ...given }),
  })),
  fc.constant({
    called: 'stop',
    decide: (context: ScorerContext) => decideStop(context, TONE),
  }),
  fc.constant({
    called: 'delete',
    decide: (context: ScorerContext) => decideDelete(context, TONE),
  }),
);

/** Applies one operation; one that is refused changes nothing. */
function apply(tone: Scenario, { decide }: Operation): void {
  try {
    tone.apply(decide);
  } catch (error) {
    if (!isAssayError(error)) throw error;
  }
}

describe('any sequence of operations on a scorer', () => {
  it('keeps what always has to hold', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const tone = new Scenario();
        for (const each of operations) {
          const before = tone.state;
          apply(tone, each);
          const { state, numbers } = tone;
          if (state === null) continue;
          // Numbers rise one by one from 1: none is used twice, also not after a deletion.
          expect(numbers).toEqual(numbers.map((_, index) => index + 1));
          expect(state.lastVersion).toBe(numbers.length);
          expect(state.versions.map((version) => version.version)).toContain(state.version);
          expect(state.kind).toBe(
            state.versions.find((version) => version.version === state.version)?.definition.kind,
          );
          expect(state.status === 'active').toBe((state.sampleRate ?? 0) > 0);
          expect(state.status === 'stopped').toBe(state.sampleRate === 0);
          const kept = each.called === 'stop' ? before?.filterString : state.filterString;
          expect(state.status === 'deleted' ? null : state.filterString).toBe(
            state.status === 'deleted' ? null : kept,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('never decides on a change that changes nothing', () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
        const tone = new Scenario();
        for (const each of operations) {
          const before = tone.state;
          apply(tone, each);
          if (tone.state === before) continue;
          const unchanged = { revision: 0, updatedAtMs: 0 };
          expect({ ...tone.state, ...unchanged }).not.toEqual({ ...before, ...unchanged });
        }
      }),
      { numRuns: 500 },
    );
  });
});
