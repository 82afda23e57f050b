import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

const outputs = 'Order HH-98619\nhas left our warehouse.';

describe('regex', () => {
  it('passes where the pattern matches somewhere, and quotes the match', async () => {
    expect(await scoreBuiltin('regex', { pattern: 'HH-\\d{5}' }, { outputs })).toEqual({
      value: true,
      rationale: 'matched "HH-98619"',
    });
    expect(await scoreBuiltin('regex', { pattern: '^HH' }, { outputs })).toEqual({
      value: false,
      rationale: 'nothing matches the pattern',
    });
  });

  it.each([
    ['order', 'i'],
    ['^has', 'm'],
    ['Order.*warehouse', 's'],
    ['^HAS.*\\.$', 'mi'],
  ])('reads %s with the flags %s, which it needs', async (pattern, flags) => {
    expect(await scoreBuiltin('regex', { pattern, flags }, { outputs })).toMatchObject({
      value: true,
    });
    expect(await scoreBuiltin('regex', { pattern }, { outputs })).toMatchObject({ value: false });
  });

  it('turns the answer round with absent', async () => {
    const config = { pattern: '\\{\\w+\\}', absent: true };
    expect(await scoreBuiltin('regex', config, { outputs })).toMatchObject({ value: true });
    expect(await scoreBuiltin('regex', config, { outputs: 'R-{num}' })).toEqual({
      value: false,
      rationale: 'matched "{num}"',
    });
  });

  it('matches empty text where there are no outputs', async () => {
    expect(await scoreBuiltin('regex', { pattern: '^$' }, { outputs: null })).toEqual({
      value: true,
      rationale: 'matched ""',
    });
  });

  it('takes linear time for a pattern that would take exponential time elsewhere', async () => {
    const hostile = { outputs: `${'a'.repeat(50_000)}b` };
    expect(await scoreBuiltin('regex', { pattern: '^(a|aa)+$' }, hostile)).toMatchObject({
      value: false,
    });
  });
});
