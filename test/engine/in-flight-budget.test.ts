import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InFlightBudget } from '../../src/engine/in-flight-budget.ts';

describe('InFlightBudget', () => {
  it('stays within both bounds, except for one record larger than everything (I9)', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ take: fc.nat(200) }), fc.constant({ release: true })),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (actions) => {
        const budget = new InFlightBudget({ maxTraces: 5, maxBytes: 100 }, () => undefined);
        const held: number[] = [];
        for (const action of actions) {
          if ('take' in action) {
            if (budget.take(action.take) === 'taken') held.push(action.take);
          } else {
            const bytes = held.pop();
            if (bytes !== undefined) budget.release(bytes);
          }
          expect(budget.traces).toBe(held.length);
          expect(budget.traces).toBeLessThanOrEqual(5);
          expect(held.length > 1 ? budget.bytes : 0).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('says that there is room once it is down to three quarters, and only after a refusal', () => {
    let calls = 0;
    const budget = new InFlightBudget({ maxTraces: 4, maxBytes: 1_000 }, () => calls++);
    for (let i = 0; i < 4; i++) expect(budget.take(1)).toBe('taken');
    budget.release(1);
    expect(calls).toBe(0);
    expect(budget.take(1)).toBe('taken');
    expect(budget.take(1)).toBe('traces');
    budget.release(1);
    expect(calls).toBe(1);
    budget.release(1);
    expect(calls).toBe(1);
  });

  it('names the bound that was reached', () => {
    const budget = new InFlightBudget({ maxTraces: 10, maxBytes: 10 }, () => undefined);
    budget.take(6);
    expect(budget.take(6)).toBe('bytes');
  });
});
