import { describe, expect, it } from 'vitest';
import { AssayError } from '../../../../src/core/errors.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { requireFilter } from '../../../../src/core/filter/parse/require-filter.ts';

describe('a filter that has to be valid', () => {
  it('is parsed', () => {
    const text = "tags.env = 'prod'";
    expect(parseFilter(text)).toEqual({ ok: true, filter: requireFilter(text) });
  });

  it('is refused with the column and what was expected there', () => {
    const refuse = () => requireFilter('tags.env = ');
    expect(refuse).toThrow(/^filter string, column 12: [\s\S]*\^$/);
    expect(refuse).toThrow(AssayError);
  });
});
