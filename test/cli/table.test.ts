import { describe, expect, it } from 'vitest';
import { formatFields, formatTable } from '../../src/cli/table.ts';

describe('formatTable', () => {
  it('aligns columns and leaves no blanks at the end of lines', () => {
    const rows = [
      ['long name', '', 'x'],
      ['ü', '22', ''],
    ];
    expect(formatTable(['A', 'B', 'C'], rows, Number.POSITIVE_INFINITY)).toBe(
      ['A          B   C', 'long name      x', 'ü          22', ''].join('\n'),
    );
  });

  it('cuts the last column to the width, but never to nothing', () => {
    const table = (width: number) => formatTable(['A', 'B'], [['a', 'x'.repeat(50)]], width);
    expect(table(20).split('\n')[1]).toBe(`a  ${'x'.repeat(16)}…`);
    expect(table(1).split('\n')[1]).toBe(`a  ${'x'.repeat(9)}…`);
  });

  it('lets no control characters of stored text reach the terminal', () => {
    const evil = 'a\u001b[31mred\u0007\nb\u009b2J\u2028c';
    const table = formatTable(['A'], [[evil]], 80);
    expect(table).toBe('A\na [31mred b 2J c\n');
    expect(formatFields([['name', evil]])).toBe('name  a [31mred b 2J c\n');
  });
});
