import { describe, expect, it } from 'vitest';
import { explainTrace, type TraceTrail } from '../../../src/core/explain/explain-trace.ts';
import { keySpellings } from '../../../src/core/explain/key-spellings.ts';
import { resultOf } from './questions.ts';

const NEWEST = {
  position: { topic: 'traces', partition: 3, offset: 5 },
  configRevision: 7,
  isReadable: true,
};
const LETTER = {
  position: { topic: 'traces', partition: 1, offset: 9 },
  recordTimestampMs: 1n,
  reason: 'MALFORMED',
  detail: 'info: expected an object',
  field: 'info',
} as const;

function explain(trail: Partial<TraceTrail> = {}) {
  return explainTrace({
    experimentId: '0',
    newest: null,
    records: 0,
    isCut: false,
    results: [],
    deadLetters: [],
    archives: true,
    elsewhere: [],
    ...trail,
  });
}

describe('a trace as a whole', () => {
  it('is archived: where it stood and under which configuration it was processed', () => {
    expect(explain({ newest: NEWEST, records: 1 })).toEqual({
      decision: 'archived',
      reason: 'stored from traces/3 offset 5 and processed under configuration revision 7',
    });
  });

  it('tells of other records of its id, and of those that were refused', () => {
    const { reason } = explain({ newest: NEWEST, records: 3, deadLetters: [LETTER] });
    expect(reason).toMatch(/the newest of 3 records/);
    expect(reason).toMatch(
      /traces\/1 offset 9 is a dead letter: MALFORMED: info: expected an object/,
    );
    expect(explain({ newest: NEWEST, records: 10, isCut: true }).reason).toMatch(/10 or more/);
  });

  it('is archived, though its text can no longer be read', () => {
    const explained = explain({ newest: { ...NEWEST, isReadable: false }, records: 1 });
    expect(explained.decision).toBe('archived');
    expect(explained.reason).toMatch(/revision 7; its text can no longer be read/);
  });

  it.each([
    [true, /removed from the archive/],
    [false, /is not archived$/],
  ])('is not archived where only results are there', (archives, reason) => {
    const explained = explain({ results: [resultOf()], archives });
    expect(explained).toEqual({
      decision: 'not_archived',
      reason: expect.stringMatching(reason) as string,
    });
  });

  it('is dead-lettered: position, reason and detail', () => {
    expect(explain({ deadLetters: [LETTER] })).toEqual({
      decision: 'dead_lettered',
      reason: 'traces/1 offset 9 is a dead letter: MALFORMED: info: expected an object',
    });
  });

  it('is to be asked for where it is stored, rather than dead-lettered', () => {
    const explained = explain({ deadLetters: [LETTER], elsewhere: ['7'] });
    expect(explained.decision).toBe('not_seen');
    expect(explained.reason).toMatch(
      /in experiment '7': ask there; another record of this key was refused: traces\/1 offset 9 is a dead letter/,
    );
  });

  it.each([
    ['what to check', {}, /check the id.*ask again.*dead-letter topic/],
    ['where to ask', { elsewhere: ['7', 'a'] }, /in experiment '7', 'a': ask there$/],
    ['that it leaves no trace', { archives: false }, /not archived.*leaves nothing behind/],
  ])('was not seen, and says %s', (_, trail, reason) => {
    expect(explain(trail)).toEqual({
      decision: 'not_seen',
      reason: expect.stringMatching(reason) as string,
    });
  });
});

describe('the spellings of a trace id as a record key', () => {
  const hex = 'ab'.repeat(16);

  it.each([`tr-${hex}`, hex, hex.toUpperCase(), `trace:/main.genai/${hex}`])(
    'are found from any of them: %s',
    (traceId) => {
      const spellings = keySpellings(traceId);
      expect(spellings).toEqual(expect.arrayContaining([traceId, `tr-${hex}`, hex]));
      expect(new Set(spellings).size).toBe(spellings.length);
    },
  );

  it('are one where the id is not in hex', () => {
    expect(keySpellings('my trace')).toEqual(['my trace']);
  });
});
