import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

const outputs = 'Your Refund is on its way.';

describe('contains', () => {
  it('passes where the text is there and fails where it is not', async () => {
    expect(await scoreBuiltin('contains', { text: 'Refund' }, { outputs })).toEqual({
      value: true,
      rationale: 'found "Refund"',
    });
    expect(await scoreBuiltin('contains', { text: 'invoice' }, { outputs })).toEqual({
      value: false,
      rationale: 'did not find "invoice"',
    });
  });

  it('tells upper from lower case unless told otherwise', async () => {
    const lower = { text: 'refund' };
    expect(await scoreBuiltin('contains', lower, { outputs })).toMatchObject({ value: false });
    expect(
      await scoreBuiltin('contains', { ...lower, case_sensitive: false }, { outputs }),
    ).toMatchObject({ value: true });
  });

  it('looks for any of several texts, or for all', async () => {
    const texts = ['way', 'invoice'];
    expect(await scoreBuiltin('contains', { texts }, { outputs })).toEqual({
      value: true,
      rationale: 'found "way"; did not find "invoice"',
    });
    expect(await scoreBuiltin('contains', { texts, match: 'all' }, { outputs })).toMatchObject({
      value: false,
    });
    expect(
      await scoreBuiltin('contains', { texts: ['way', 'Refund'], match: 'all' }, { outputs }),
    ).toMatchObject({ value: true });
  });

  it('turns the answer round with absent', async () => {
    expect(await scoreBuiltin('contains', { text: 'way', absent: true }, { outputs })).toEqual({
      value: false,
      rationale: 'found "way"',
    });
    const texts = ['sorry', 'cannot'];
    expect(await scoreBuiltin('contains', { texts, absent: true }, { outputs })).toMatchObject({
      value: true,
    });
  });

  it('searches the answer inside a chat response, and the JSON of other values', async () => {
    const chat = { choices: [{ message: { content: outputs } }] };
    expect(await scoreBuiltin('contains', { text: 'choices' }, { outputs: chat })).toMatchObject({
      value: false,
    });
    const rows = { rows: [{ city: 'Porto' }] };
    expect(
      await scoreBuiltin('contains', { text: '"city":"Porto"' }, { outputs: rows }),
    ).toMatchObject({ value: true });
  });

  it('finds nothing where there are no outputs', async () => {
    expect(await scoreBuiltin('contains', { text: ' ' }, { outputs: null })).toMatchObject({
      value: false,
    });
    expect(await scoreBuiltin('contains', { text: 'x', absent: true }, {})).toMatchObject({
      value: true,
    });
  });

  it('keeps the rationale short', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `${index}${'😀'.repeat(200)}`);
    const { rationale } = await scoreBuiltin('contains', { texts }, { outputs });
    expect(rationale?.length).toBeLessThan(600);
    expect(rationale?.isWellFormed()).toBe(true);
    expect(rationale).toContain('and 95 more');
  });
});
