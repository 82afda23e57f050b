import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../src/core/filter/filter-node.ts';
import { completeOrder } from '../../../src/core/search/complete-order.ts';
import {
  decodePageToken,
  encodePageToken,
  type PagedSearch,
} from '../../../src/core/search/page-token.ts';

const FILTER: FilterNode = {
  kind: 'text',
  field: { name: 'tags', key: 'env' },
  comparator: '=',
  value: 'prod',
};

const SEARCH: PagedSearch = {
  experimentIds: ['0'],
  filter: FILTER,
  order: completeOrder([{ field: { name: 'tags', key: 'é' }, descending: false }], {
    experiments: 1,
  }),
};

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const contentOf = (token: string) =>
  JSON.parse(Buffer.from(token, 'base64url').toString()) as { after: unknown; search: string };

describe('a page token', () => {
  it('brings the place back, whatever the values', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 20 })
      .filter((value) => !value.includes('\0'));
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.option(text), number, text, (tag, time, id) => {
        const after = [tag, Object.is(time, -0) ? 0 : time, id];
        const token = encodePageToken(after, SEARCH);
        expect(token).toMatch(/^[\w-]+$/);
        expect(decodePageToken(token, SEARCH)).toEqual({ ok: true, after });
      }),
    );
  });

  it('is the same for the same search, experiments in any order', () => {
    const two = { ...SEARCH, experimentIds: ['0', '7'] };
    const token = encodePageToken(['a', 1, 'tr-1'], two);
    const turned = { ...two, experimentIds: ['7', '0'] };
    expect(decodePageToken(token, turned)).toMatchObject({ ok: true });
  });

  it.each([
    ['another filter', { ...SEARCH, filter: { ...FILTER, value: 'dev' } }],
    ['another order', { ...SEARCH, order: SEARCH.order.slice(1) }],
    ['another experiment', { ...SEARCH, experimentIds: ['1'] }],
  ])('is refused by a search with %s', (_, other) => {
    const token = encodePageToken(['a', 1, 'tr-1'], SEARCH);
    expect(decodePageToken(token, other)).toEqual({
      ok: false,
      reason: expect.stringMatching(
        /belongs to another search; experiment, filter and order/,
      ) as string,
    });
  });

  it.each([
    ['too short', ['a', 1]],
    ['too long', ['a', 1, 'tr-1', 'more']],
    ['text for a number', ['a', '1', 'tr-1']],
    ['a number for text', [1, 1, 'tr-1']],
    ['an object', [{}, 1, 'tr-1']],
    ['a character that Postgres does not take', ['a\0', 1, 'tr-1']],
    ['none', undefined],
  ])('is refused where somebody made up the place: %s', (_, after) => {
    const { search } = contentOf(encodePageToken(['a', 1, 'tr-1'], SEARCH));
    expect(decodePageToken(base64url({ after, search }), SEARCH)).toEqual({
      ok: false,
      reason: 'it is none that a search has given',
    });
  });

  it.each(['', 'x', '%%%', '1', base64url(null), base64url([]), base64url({ after: [] })])(
    'is refused where it is none: %s',
    (token) => {
      expect(decodePageToken(token, SEARCH)).toMatchObject({ ok: false });
    },
  );

  it('never throws', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json().map((json) => base64url(json)),
        ),
        (token) => {
          expect(decodePageToken(token, SEARCH).ok).toBe(false);
        },
      ),
    );
  });
});
