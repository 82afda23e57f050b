import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

const same = { value: true, rationale: 'the outputs are as expected' };

describe('exact_match', () => {
  it('compares the outputs with the expectation that the trace carries', async () => {
    const trace = { outputs: 'Oslo', expectations: { expected_response: 'Oslo' } };
    expect(await scoreBuiltin('exact_match', {}, trace)).toEqual(same);
    expect(await scoreBuiltin('exact_match', {}, { ...trace, outputs: 'Oslo.' })).toEqual({
      value: false,
      rationale: 'expected "" from character 5 on, got "."',
    });
  });

  it('takes an expectation of another name', async () => {
    const trace = { outputs: 3, expectations: { expected_rows: 3, expected_response: 'x' } };
    expect(await scoreBuiltin('exact_match', { expectation: 'expected_rows' }, trace)).toEqual(
      same,
    );
  });

  it('prefers what the configuration expects', async () => {
    const trace = { outputs: 'Oslo', expectations: { expected_response: 'Bergen' } };
    expect(await scoreBuiltin('exact_match', { expected: 'Oslo' }, trace)).toEqual(same);
  });

  it('is not applicable where nobody says what is expected', async () => {
    const reason = { notApplicable: "the trace has no expectation 'expected_response'" };
    expect(await scoreBuiltin('exact_match', {}, { outputs: 'Oslo' })).toEqual(reason);
    const other = { outputs: 'x', expectations: { expected_facts: ['x'] } };
    expect(await scoreBuiltin('exact_match', {}, other)).toEqual(reason);
    expect(await scoreBuiltin('exact_match', { expectation: 'constructor' }, other)).toEqual({
      notApplicable: "the trace has no expectation 'constructor'",
    });
  });

  it('overlooks case and outer white space only when told to', async () => {
    const trace = { outputs: ' OSLO\n' };
    const expected = 'Oslo';
    const both = { expected, case_sensitive: false, trim: true };
    expect(await scoreBuiltin('exact_match', both, trace)).toEqual(same);
    for (const config of [{ expected }, { ...both, trim: false }, { expected, trim: true }]) {
      expect(await scoreBuiltin('exact_match', config, trace)).toMatchObject({ value: false });
    }
  });

  it('compares text with the answer inside a chat response', async () => {
    const outputs = { choices: [{ message: { content: 'Oslo' } }] };
    expect(await scoreBuiltin('exact_match', { expected: 'Oslo' }, { outputs })).toEqual(same);
  });

  it('compares other values as JSON, in any order of keys and also inside text', async () => {
    const expected = { city: 'Oslo', tags: [1, { x: null }] };
    const reordered = { tags: [1, { x: null }], city: 'Oslo' };
    for (const outputs of [reordered, JSON.stringify(reordered)]) {
      expect(await scoreBuiltin('exact_match', { expected }, { outputs })).toEqual(same);
    }
    for (const outputs of [{ ...expected, more: 1 }, { city: 'Oslo' }, [], 'Oslo', null]) {
      expect(await scoreBuiltin('exact_match', { expected }, { outputs })).toMatchObject({
        value: false,
      });
    }
    expect(await scoreBuiltin('exact_match', { expected: 0 }, { outputs: false })).toMatchObject({
      value: false,
      rationale: 'expected 0, got false',
    });
  });

  it('shows long texts from where they differ', async () => {
    const start = 'a'.repeat(500);
    const answer = await scoreBuiltin(
      'exact_match',
      { expected: `${start}😀b` },
      { outputs: `${start}😁b` },
    );
    expect(answer.rationale).toBe('expected "😀b" from character 501 on, got "😁b"');
  });

  it('fails where there are no outputs', async () => {
    expect(await scoreBuiltin('exact_match', { expected: 'Oslo' }, { outputs: null })).toEqual({
      value: false,
      rationale: 'expected "Oslo", got ""',
    });
  });
});
