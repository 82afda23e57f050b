import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/core/filter/parse/parse-filter.ts';
import { printField, printFilter } from '../../../src/core/filter/print-filter.ts';
import { filterNode, flatFilter } from './arbitrary-filter.ts';
import { withoutQuoted } from './parse/without-quoted.ts';

describe('printFilter', () => {
  it('writes what parses to the same tree (I10)', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(filterNode, (filter) => {
        expect(parseFilter(printFilter(filter))).toEqual({ ok: true, filter });
      }),
      { numRuns: 2_000 },
    );
  });

  it('writes one spelling for all spellings of a filter', () => {
    const spellings = [
      "status IN ('OK') AND tags.a = 'x' AND timestamp_ms > 1000",
      'trace.status  in ("OK",) and tag.`a` = "x" and `timestamp` > 1e3',
      "`attributes`.status\nIN('OK')AND tags.'a'='x'AND attribute.timestamp>1000.",
    ];
    const printed = spellings.map((text) => {
      const parsed = parseFilter(text);
      return parsed.ok ? printFilter(parsed.filter) : parsed.error.message;
    });
    expect(new Set(printed)).toEqual(new Set([spellings[0]]));
  });

  it('sets parentheses only where the tree needs them', () => {
    const printed = (text: string) => {
      const parsed = parseFilter(text);
      return parsed.ok ? printFilter(parsed.filter) : parsed.error.message;
    };
    const a = "name = 'a'";
    const b = "name = 'b'";
    const c = "name = 'c'";
    expect(printed(`((${a}))`)).toBe(a);
    expect(printed(`(${a} AND ${b})`)).toBe(`${a} AND ${b}`);
    expect(printed(`${a} and (${b} and ${c})`)).toBe(`${a} AND (${b} AND ${c})`);
    expect(printed(`${a} OR (${b} OR (${c}))`)).toBe(`${a} OR ${b} OR ${c}`);
    expect(printed(`(${a} AND ${b}) OR ${c}`)).toBe(`${a} AND ${b} OR ${c}`);
    expect(printed(`${a} AND (${b} OR ${c})`)).toBe(`${a} AND (${b} OR ${c})`);
    expect(printed(`not(${a})`)).toBe(`NOT ${a}`);
    expect(printed(`NOT (NOT (${a} OR ${b}))`)).toBe(`NOT NOT (${a} OR ${b})`);
    expect(printed('timestamp IN (1, 2)')).toBe('timestamp_ms = 1 OR timestamp_ms = 2');
    expect(printed(`${a} AND timestamp_ms NOT IN (1, 2)`)).toBe(
      `${a} AND (timestamp_ms != 1 AND timestamp_ms != 2)`,
    );
  });

  it('writes no OR, NOT or parentheses where a filter does without', () => {
    fc.assert(
      fc.property(flatFilter, (filter) => {
        const own = withoutQuoted(printFilter(filter))
          .replaceAll(/\b(NOT IN|IN) \(\s*(,\s*)*\)/g, '')
          .replaceAll(/\bNOT (LIKE|ILIKE|RLIKE)\b|\bIS NOT NULL\b/g, '');
        expect(own).not.toMatch(/[()]|\bOR\b|\bNOT\b/);
      }),
    );
  });

  it.each([
    ['a.b', 'tags.a.b'],
    ['my key', 'tags.`my key`'],
    ['case', 'tags.`case`'],
    ['a.Values', 'tags.`a.Values`'],
    ['1', 'tags.`1`'],
    ['[a]', 'tags.`[a]`'],
    ['a`b', 'tags."a`b"'],
  ])('quotes the key %j where MLflow would not read it bare', (key, printed) => {
    expect(printField({ name: 'tags', key })).toBe(printed);
  });
});
