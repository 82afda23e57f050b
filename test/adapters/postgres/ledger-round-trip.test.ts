import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Claim } from '../../../src/core/claim.ts';
import { toPickResult } from '../../../src/core/feedback/to-pick-result.ts';
import { renderFeedbackEvents } from '../../../src/core/feedback/feedback-event.ts';
import type { PickResult, ResultFeedback } from '../../../src/core/result.ts';
import type { Ledger, LedgerEntry } from '../../../src/ports/ledger.ts';
import { exactText, feedback, NOW_MS, type ResultOptions } from './entries.ts';
import { entryAt, openLedger, type TestLedger } from './open-ledger.ts';

let opened: TestLedger;
let ledger: Ledger;
let claim: Claim;

beforeAll(async () => {
  opened = await openLedger();
  ledger = opened.ledger;
});
afterAll(() => opened[Symbol.asyncDispose]());
beforeEach(async () => {
  claim = await opened.claimPartition();
});

/** JSON that a literal cannot say. */
function json(text: string): ResultFeedback['value'] {
  // JSON.parse makes nothing else.
  return JSON.parse(text) as ResultFeedback['value'];
}

/** What comes back of a result, through the only way there is. */
async function roundTrip(entry: LedgerEntry): Promise<PickResult | undefined> {
  expect(await ledger.record([entry])).toEqual([{ kind: 'stored' }]);
  const [again] = await ledger.record([entry]);
  return again?.kind === 'own' ? again.result : undefined;
}

describe('what comes back', () => {
  it.each<[string, ResultOptions]>([
    ['a plain result', {}],
    ['an empty result', { result: { outcome: 'no_feedback', feedback: [] } }],
    [
      'a result that does not apply, with its reason',
      { result: { outcome: 'not_applicable', reason: 'no answer 🙈', feedback: [] } },
    ],
    [
      'an error with its stack',
      {
        result: {
          outcome: 'failed',
          feedback: [
            feedback({
              value: null,
              error: { code: 'SCORER_ERROR', message: 'no\n"key"', stackTrace: 'at x\n at y' },
            }),
          ],
        },
      },
    ],
    [
      'an error without a stack',
      {
        result: {
          feedback: [feedback({ error: { code: 'X', message: '', stackTrace: null } })],
        },
      },
    ],
    ['no rationale', { result: { feedback: [feedback({ rationale: null })] } }],
    ['an empty rationale', { result: { feedback: [feedback({ rationale: '' })] } }],
    ['a span', { result: { feedback: [feedback({ spanId: '00f067aa0ba902b7' })] } }],
    [
      'metadata in its order, also keys that look special',
      {
        result: {
          feedback: [
            feedback({
              metadata: { z: '1', a: '2', '': '3', 'a.b': '4', constructor: '5', é: '🚀' },
            }),
          ],
        },
      },
    ],
    [
      'a judge with a model for its source',
      {
        pick: {
          scorer: { name: 'tone', version: 7, revision: 2 ** 40, kind: 'judge', sampleRate: 1 / 3 },
        },
        result: {
          feedback: [feedback({ source: { type: 'LLM_JUDGE', id: 'openai:/gpt-5-mini' } })],
        },
      },
    ],
    ['a sampling position to its last bit', { pick: { samplePosition: (2 ** 53 - 1) / 2 ** 53 } }],
    ['the smallest sampling position there is', { pick: { samplePosition: 2 ** -53 } }],
    ['a record time that is none', { pick: { recordTimestampMs: -(2n ** 63n) } }],
    ['the time of the result to the millisecond', { result: { createdAtMs: NOW_MS + 0.0 + 789 } }],
    ['a trace id in capitals', { pick: { traceId: 'ABCDEF0123456789ABCDEF0123456789' } }],
    ['another experiment', { pick: { experimentId: 'main.genai / é' } }],
  ])('is the very same: %s', async (_, options) => {
    const entry = entryAt(claim, 1, options);
    expect(exactText(await roundTrip(entry))).toBe(exactText(entry.result));
  });

  it.each<[string, ResultFeedback['value']]>([
    ['true', true],
    ['false', false],
    ['null', null],
    ['an empty text', ''],
    ['a text that looks like JSON', '{"a":1}'],
    ['a text with everything', '"\\/\b\f\n\r\t\u001f\u2028é🚀‮'],
    ['0', 0],
    ['1e-7', 1e-7],
    ['0.1 + 0.2', 0.1 + 0.2],
    ['the largest number', Number.MAX_VALUE],
    ['the smallest number', Number.MIN_VALUE],
    ['an integer beyond 2^53', 2 ** 60],
    ['1e21', 1e21],
    ['an empty list', []],
    ['an empty object', {}],
    ['keys in no order', { b: 1, a: { d: [], c: null }, '10': 1, '9': 2 }],
    ['key __proto__', json('{"__proto__":{"x":1}}')],
    ['64 levels', json(`${'['.repeat(64)}${']'.repeat(64)}`)],
  ])('is the very same value: %s', async (_, value) => {
    const result = entryAt(claim, 1, { result: { feedback: [feedback({ value })] } }).result;
    const entry = { claim, result };
    expect(exactText(await roundTrip(entry))).toBe(exactText(entry.result));
  });

  it('is the very same for many feedback, in their order', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      feedback({
        feedbackId: `a-${index}`,
        name: index % 2 === 0 ? 'even' : 'odd',
        value: index % 3 === 0 ? null : { z: index, a: [index / 7] },
        error: index % 3 === 0 ? { code: 'X', message: `${index}`, stackTrace: null } : null,
        rationale: index % 5 === 0 ? null : `because ${index}`,
        spanId: index % 7 === 0 ? `span-${index}` : null,
        metadata: index % 2 === 0 ? {} : { y: '1', x: String(index) },
      }),
    );
    const entry = entryAt(claim, 1, { result: { feedback: many } });
    expect(exactText(await roundTrip(entry))).toBe(exactText(entry.result));
  });

  it('renders the same events, byte for byte, whatever a scorer returned (I5)', async () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 5 }),
      fc.string({ unit: 'binary' }),
      fc.double(),
      fc.array(fc.record({ a: fc.jsonValue(), b: fc.string({ unit: 'binary' }) }), {
        maxLength: 3,
      }),
    );
    let offset = 0;
    await fc.assert(
      fc.asyncProperty(values, fc.string({ unit: 'binary' }), async (value, traceId) => {
        offset++;
        const { pick } = entryAt(claim, offset, { pick: { traceId } }).result;
        const result = toPickResult({
          pick,
          returned: { kind: 'value', value },
          createdAtMs: NOW_MS,
        });
        const stored = await roundTrip({ claim, result });
        expect(exactText(stored)).toBe(exactText(result));
        expect(stored && renderFeedbackEvents(stored)).toEqual(renderFeedbackEvents(result));
      }),
      { numRuns: 60 },
    );
  });
});
