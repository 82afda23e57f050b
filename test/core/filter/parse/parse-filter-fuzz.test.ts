import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { filterCompletions } from '../../../../src/core/filter/parse/filter-completions.ts';
import { toFilterInvalid } from '../../../../src/core/filter/parse/filter-invalid.ts';
import { MAX_FILTER_LENGTH } from '../../../../src/core/filter/filter-limits.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { printFilter } from '../../../../src/core/filter/print-filter.ts';
import { TokenReader } from '../../../../src/core/filter/parse/token-reader.ts';
import { filterNode } from '../arbitrary-filter.ts';
import { readOracle } from '../oracle.ts';

const PIECES = ['status', 'name', 'tags.a', 'metadata', 'timestamp', 'trace', 'span.', 'span.type']
  .concat(['feedback.q', 'expectation', 'prompt', 'issue.id', 'attributes', '.text', "'OK'", '5'])
  .concat(['AND', 'OR', 'NOT', 'IS', 'NULL', 'LIKE', 'ilike', 'RLIKE', 'IN', '=', '!=', '<', '>='])
  .concat([
    '(',
    ')',
    ',',
    '.',
    "'",
    '"',
    '`',
    '-',
    'e',
    '\n',
    ' ',
    '\0',
    '💥',
    '\ud83d',
    '\\',
    '%',
  ]);
const piece = fc.constantFrom(...PIECES);

const written = fc.oneof(
  fc.constantFrom(...readOracle().map(({ filter }) => filter ?? '')),
  filterNode.map(printFilter),
);

/** A filter that was good, after a few cuts, insertions, doublings and swaps. */
const mutated = fc
  .tuple(
    written,
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(6),
        insert: fc.oneof(piece, fc.constant(''), fc.string({ maxLength: 3 }), written),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  )
  .map(([filter, edits]) =>
    edits.reduce((text, { at, cut, insert }) => {
      const index = Math.floor(at * text.length);
      return text.slice(0, index) + insert + text.slice(index + cut);
    }, filter),
  );

const soup = fc
  .tuple(fc.array(piece, { maxLength: 40 }), fc.constantFrom('', ' '))
  .map(([pieces, space]) => pieces.join(space));

const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => new TextDecoder().decode(each));

const anything = fc.oneof(
  { weight: 4, arbitrary: mutated },
  { weight: 3, arbitrary: soup },
  { weight: 1, arbitrary: bytes },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
);

describe('parseFilter, given anything at all', { timeout: 60_000 }, () => {
  it('gives a tree that prints and parses again, or an error within the text', () => {
    fc.assert(
      fc.property(anything, (text) => {
        const result = parseFilter(text);
        if (result.ok) {
          expect(parseFilter(printFilter(result.filter))).toEqual(result);
          return;
        }
        const { message, column, expected } = result.error;
        expect(message).not.toBe('');
        expect(expected).not.toBe('');
        expect(Number.isInteger(column)).toBe(true);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(text.length + 1);
        const [, line, caret] = toFilterInvalid(text, result.error).message.split('\n').slice(-3);
        expect(Array.from(caret ?? '').length).toBeLessThanOrEqual(
          Array.from(line ?? '').length + 1,
        );
      }),
      { numRuns: 3_000 },
    );
  });

  it('completes at every place of it with what may begin there', () => {
    fc.assert(
      fc.property(anything, fc.double({ min: 0, max: 1, noNaN: true }), (text, at) => {
        const column = 1 + Math.floor(at * text.length);
        const { from, items } = filterCompletions(text, column);
        expect(from).toBeGreaterThanOrEqual(1);
        expect(from).toBeLessThanOrEqual(column);
        expect(items.every((item) => item.text !== '')).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the work of parsing', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Looks of lexer and parser at the text: characters that were matched or searched, tokens handed out. */
  function workOf(text: string): number {
    const exec = vi.spyOn(RegExp.prototype, 'exec');
    const indexOf = vi.spyOn(String.prototype, 'indexOf');
    const peek = vi.spyOn(TokenReader.prototype, 'peek');
    parseFilter(text);
    const matches: readonly { readonly value?: RegExpExecArray | null | undefined }[] =
      exec.mock.results;
    const searches: readonly { readonly value?: number | undefined }[] = indexOf.mock.results;
    const starts = indexOf.mock.calls.map(([, start = 0]) => start);
    const peeks = peek.mock.calls.length;
    vi.restoreAllMocks();
    const matched = matches.map(({ value }) => value?.[0].length ?? 0);
    const searched = searches.map(({ value = -1 }, call) => {
      return (value === -1 ? text.length : value) - (starts[call] ?? 0);
    });
    return [...matched, ...searched].reduce((sum, each) => sum + 1 + each, peeks);
  }

  it.each(
    [
      "'",
      '"',
      '`',
      "''",
      "name = '",
      'tags.',
      'a.',
      'a.`b`.',
      '1.',
      '1e',
      '-',
      '((',
      'NOT ',
    ].concat([
      'AND ',
      "'a' ",
      '\u00a0',
      '💥',
      "name = 'x' OR ",
      "tags.a = 'x' and ",
      'span.',
      'trace.',
      'a_',
      '>',
    ]),
  )('grows no faster than the text, of %j again and again', (part) => {
    const longer = part.repeat(Math.floor(MAX_FILTER_LENGTH / part.length));
    const shorter = part.repeat(Math.floor(MAX_FILTER_LENGTH / 10 / part.length));
    const work = workOf(longer);
    expect(work).toBeGreaterThan(0);
    expect(work).toBeLessThanOrEqual(11 * workOf(shorter) + 1_000);
    expect(work).toBeLessThanOrEqual(20 * longer.length);
  });

  it.each([
    ['clauses', (n: number) => Array.from({ length: n }, () => "tags.a != 'x'").join(' AND ')],
    ['a list', (n: number) => `name IN (${"'a',".repeat(n * 10)})`],
    ['a long text', (n: number) => `name = '${'x'.repeat(n * 80)}'`],
    ['a key of many parts', (n: number) => `tags.${'a.'.repeat(n * 30)}b = 'x'`],
  ])('grows no faster than a good filter of %s', (_, build) => {
    expect(parseFilter(build(100)).ok).toBe(true);
    expect(workOf(build(100))).toBeLessThanOrEqual(11 * workOf(build(10)));
  });
});
