import { describe, expect, it } from 'vitest';
import { takeTurns } from '../../src/engine/take-turns.ts';
import { FakeClock } from '../fake-clock.ts';

describe('work in turns', () => {
  it('goes on at once while its turn is short', () => {
    const clock = new FakeClock();
    const nextTurn = takeTurns(clock);
    clock.advance(19);
    expect(nextTurn()).toBeUndefined();
    expect(clock.pending).toBe(0);
  });

  it('lets others have the processor after a long turn, and begins a new one', async () => {
    const clock = new FakeClock();
    const nextTurn = takeTurns(clock);
    for (let turn = 0; turn < 2; turn++) {
      clock.advance(20);
      const pause = nextTurn();
      expect(pause).toBeInstanceOf(Promise);
      expect(clock.pending).toBe(1);
      clock.advance(0);
      await pause;
      expect(nextTurn()).toBeUndefined();
    }
  });
});
