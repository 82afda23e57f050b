import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/core/filter/parse-filter.ts';
import { printFilter } from '../../../src/core/filter/print-filter.ts';
import { filterNode } from './arbitrary-filter.ts';

describe('printFilter', () => {
  it('writes what parses to the same tree (I10)', () => {
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
});
