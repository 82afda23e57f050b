import { describe, expect, it } from 'vitest';
import { toFilterInvalid } from '../../../../src/core/filter/parse/filter-invalid.ts';

const wrong = (column: number) => ({ message: 'no such thing', column, expected: 'another' });

describe('toFilterInvalid', () => {
  it('says what is wrong in the first line and points at it below', () => {
    const error = toFilterInvalid("status = 'OK' OR x", wrong(15));
    expect(error.code).toBe('FILTER_INVALID');
    expect(error.context).toEqual({ column: 15, expected: 'another' });
    expect(error.message.split('\n')).toEqual([
      'filter string, column 15: no such thing (expected another)',
      "  status = 'OK' OR x",
      '                ^',
    ]);
  });

  it('shows only the line at fault of a filter of several', () => {
    const lines = toFilterInvalid("status = 'OK'\nAND\tx = 1\nAND y", wrong(19)).message.split(
      '\n',
    );
    expect(lines.slice(1)).toEqual(['  AND x = 1', '      ^']);
  });

  it('points behind the end', () => {
    expect(toFilterInvalid('name =', wrong(7)).message).toMatch(/\n {2}name =\n {8}\^$/);
  });

  it('cuts a long line around the place, and shows no control characters', () => {
    const filter = `${'a'.repeat(500)}\u001b[31m${'b'.repeat(500)}`;
    const [, line, caret] = toFilterInvalid(filter, wrong(501)).message.split('\n');
    expect(line).toBe(`  …${'a'.repeat(60)}\ufffd[31m${'b'.repeat(34)}…`);
    expect(caret).toBe(`${' '.repeat(63)}^`);
  });

  it('counts characters, not UTF-16 units, to place the caret', () => {
    expect(toFilterInvalid("'💥' x", wrong(6)).message).toMatch(/\n {2}'💥' x\n {6}\^$/);
  });
});
