import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOrderBy } from '../../../src/core/search/parse-order-by.ts';

describe('parseOrderBy', () => {
  it.each([
    ['timestamp_ms DESC', 'timestamp_ms', true],
    ['timestamp', 'timestamp_ms', false],
    ['trace.execution_time asc', 'execution_time_ms', false],
    ['attributes.end_time_ms Desc', 'end_time_ms', true],
    ['  status  ', 'status', false],
    ['`request_id` DESC', 'request_id', true],
    ['name ASC', 'name', false],
    ['run_id', 'run_id', false],
    ['experiment_id', 'experiment_id', false],
    ['tag.env DESC', { name: 'tags', key: 'env' }, true],
    ['tags.desc', { name: 'tags', key: 'desc' }, false],
    ['tags.`my key`', { name: 'tags', key: 'my key' }, false],
    [
      'request_metadata.mlflow.trace.session',
      { name: 'metadata', key: 'mlflow.trace.session' },
      false,
    ],
  ])('reads %j', (text, field, descending) => {
    expect(parseOrderBy(text)).toEqual({ ok: true, key: { field, descending } });
  });

  it.each([
    ['', 1, 'the order is empty'],
    ['   ', 4, 'the order is empty'],
    ['timestmp DESC', 1, "cannot be ordered by 'timestmp' (did you mean timestamp?)"],
    ['span.name', 1, "cannot be ordered by 'span.name'"],
    ['feedback.score DESC', 1, "cannot be ordered by 'feedback.score'"],
    ['tags', 1, "cannot be ordered by 'tags'"],
    ['tags.', 6, 'a part of the key is empty'],
    ["'name'", 1, "unexpected 'name'"],
    ['tags.`a\0`', 8, 'U+0000'],
    ['name DOWN', 6, 'unexpected DOWN'],
    ['name DESC NULLS LAST', 11, 'unexpected NULLS after the order'],
    ['name, status', 5, 'unexpected , after the order'],
    ['5', 1, 'unexpected 5'],
    [`tags.${'a'.repeat(1_000)}`, 1_001, 'the order has 1005 characters'],
  ])('refuses %j at column %i: %s', (text, column, message) => {
    const parsed = parseOrderBy(text);
    expect(parsed).toMatchObject({ ok: false, error: { column } });
    expect(parsed.ok ? '' : parsed.error.message).toContain(message);
  });

  it('gives a key or an error within the text for anything at all', () => {
    const pieces = ['tags.', 'name', 'DESC', 'ASC', ' ', '`', "'", '"', '.', ',', '💥', '5', '\0'];
    const soup = fc.array(fc.constantFrom(...pieces)).map((each) => each.join(''));
    fc.assert(
      fc.property(fc.oneof(soup, fc.string()), (text) => {
        const parsed = parseOrderBy(text);
        const column = parsed.ok ? 1 : parsed.error.column;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});
