import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventCounter } from '../../../src/adapters/telemetry/count-events.ts';
import { balance } from '../../../src/core/totals.ts';
import type { EngineEvent } from '../../../src/ports/observer.ts';
import {
  archived,
  at,
  decoded,
  dropped,
  ended,
  length,
  passed,
  picked,
  published,
  received,
  refused,
  safety,
} from './events.ts';

function totalsOf(...events: readonly EngineEvent[]) {
  const counter = new EventCounter();
  for (const event of events) counter.count(event);
  return counter.totals();
}

function unequal(...events: readonly EngineEvent[]) {
  const { equations } = balance(totalsOf(...events));
  return equations.filter(({ left, right }) => left !== right).map(({ claim }) => claim);
}

describe('EventCounter', () => {
  it('starts with every counter at zero, in balance', () => {
    const totals = totalsOf();
    expect(totals).toMatchObject({ records: 0, picks: 0, inFlight: 0, scorers: [] });
    expect(totals.ends).toMatchObject({ scored: 0, failed: 0, cancelled: 0 });
    expect(balance(totals).balanced).toBe(true);
  });

  it('tells dead letters by stage and reason', () => {
    const events = [received(1), refused(1, 'decode', 'TOO_LARGE'), received(2), decoded(2, 1)];
    const { deadLetters } = totalsOf(...events, refused(2, 'archive'));
    expect(deadLetters.decode).toEqual({
      MALFORMED: 0,
      TOO_LARGE: 1,
      UNKNOWN_SCHEMA: 0,
      ROW_REFUSED: 0,
      INTERNAL: 0,
    });
    expect(deadLetters.archive).toMatchObject({ TOO_LARGE: 0, ROW_REFUSED: 1 });
  });

  it('counts passes, ends, drops and scoring time per scorer version', () => {
    const called = { kind: 'scorer_called', position: at(1), scorer: safety } as const;
    const { scorers, passes, ends } = totalsOf(
      picked(1),
      { ...called, scoringMs: 10 },
      ended(1),
      picked(2),
      dropped(2),
      passed(1, length),
    );
    expect(passes.sampled_out).toBe(1);
    expect(ends.scored).toBe(1);
    expect(scorers).toMatchObject([
      { ...safety, picks: 2, dropped: 1, ends: { scored: 1 }, passes: { sampled_out: 0 } },
      { ...length, picks: 0, dropped: 0, ends: { scored: 0 }, passes: { sampled_out: 1 } },
    ]);
    expect(scorers[0]?.scoring).toMatchObject({ count: 1, meanMs: 10, maxMs: 10 });
    expect(scorers[1]?.scoring.count).toBe(0);
  });

  it('measures the time from record to feedback', () => {
    const events = Array.from({ length: 100 }, (_, i) => published(i, i + 1));
    const { latency, publishedEvents } = totalsOf(...events);
    expect(publishedEvents).toBe(100);
    expect(latency).toMatchObject({ count: 100, meanMs: 50.5, maxMs: 100 });
    expect(latency.p50Ms).toBeCloseTo(50, -0.5);
    expect(latency.p99Ms).toBeGreaterThan(96);
  });

  it('does not count a record that is skipped as taken in', () => {
    const skipped: EngineEvent = { kind: 'record_skipped', position: at(1), reason: 'redelivered' };
    expect(totalsOf(skipped)).toMatchObject({ records: 0, redelivered: 1 });
    expect(unequal(skipped)).toEqual([]);
  });
});

describe('balance', () => {
  it('holds when a trace waits for the archive, is refused by it, or is given up before', () => {
    expect(unequal(received(1), decoded(1, 3))).toEqual([]);
    const refusal = [received(1), decoded(1, 3), refused(1, 'archive')];
    expect(unequal(...refusal)).toEqual([]);
    expect(totalsOf(...refusal)).toMatchObject({ scorersRefused: 3, scorersUndecided: 0 });
    const partition = { topic: 'traces', partition: 0 };
    const given = [received(1), decoded(1, 2)];
    const claimed = { kind: 'partition_claimed', partition, epoch: 2, fromOffset: 1 } as const;
    const again = [...given, archived(1), picked(1), passed(1, length)];
    const events: EngineEvent[] = [...given, { ...claimed, republished: 0 }, ...again];
    expect(unequal(...events)).toEqual([]);
    expect(totalsOf(...events)).toMatchObject({ scorersInForce: 4, scorersUndecided: 2 });
  });

  it('holds for a trace that is scored although it need not be archived', () => {
    const notArchived: EngineEvent = { kind: 'not_archived', position: at(1) };
    expect(unequal(received(1), decoded(1, 1), notArchived, picked(1), ended(1))).toEqual([]);
  });

  it('fails when a record leaves no trace', () => {
    expect(unequal(received(1))).toEqual([
      'records = tombstones + dead letters at decode + decoded',
    ]);
  });

  it('fails when a scorer in force is neither picked nor passed', () => {
    expect(unequal(received(1), decoded(1, 2), archived(1), picked(1))).toEqual([
      'scorers in force = passes + picks + refused with their trace + undecided',
    ]);
  });

  it('fails when one pick ends twice and another never', () => {
    const begin = [received(1), decoded(1, 2), archived(1), picked(1), picked(1, length)];
    expect(unequal(...begin, ended(1), ended(1))).toEqual(['picks = ends + dropped + in flight']);
    expect(unequal(...begin, ended(1), ended(1, length))).toEqual([]);
  });

  it('tells apart picks of one trace id that came in two records', () => {
    const twice = [1, 2].flatMap((n) => [received(n), decoded(n, 1), archived(n), picked(n)]);
    expect(totalsOf(...twice, ended(1))).toMatchObject({ picks: 2, inFlight: 1 });
    expect(unequal(...twice, ended(1))).toEqual([]);
  });

  it('holds at any moment of any mixture of records', () => {
    const way = fc.constantFrom(
      'tombstone',
      'bad',
      'waiting',
      'refused',
      'open',
      'ended',
      'dropped',
    );
    fc.assert(
      fc.property(fc.array(way, { maxLength: 30 }), (ways) => {
        const counter = new EventCounter();
        ways.forEach((one, offset) => {
          for (const event of eventsOf(one, offset)) counter.count(event);
          expect(balance(counter.totals()).equations.filter((e) => e.left !== e.right)).toEqual([]);
        });
      }),
    );
  });
});

function eventsOf(way: string, offset: number): readonly EngineEvent[] {
  if (way === 'tombstone') return [received(offset), { kind: 'tombstone', position: at(offset) }];
  if (way === 'bad') return [received(offset), refused(offset, 'decode')];
  const begin = [received(offset), decoded(offset, 2)];
  if (way === 'waiting') return begin;
  if (way === 'refused') return [...begin, refused(offset, 'archive')];
  const selected = [...begin, archived(offset), picked(offset), passed(offset, length)];
  if (way === 'open') return selected;
  return [...selected, way === 'ended' ? ended(offset) : dropped(offset)];
}
