import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

describe('valid_json', () => {
  it.each([
    ['{"a": 1}', 'JSON (object)'],
    ['[1]', 'JSON (list)'],
    [' "text" ', 'JSON (string)'],
    [{ a: 1 }, 'JSON (object)'],
    [[], 'JSON (list)'],
    [0, 'JSON (number)'],
    [false, 'JSON (boolean)'],
  ])('passes %j', async (outputs, rationale) => {
    expect(await scoreBuiltin('valid_json', {}, { outputs })).toEqual({ value: true, rationale });
  });

  it.each(['', 'Here you are: {}', '{"a": 1', "{'a': 1}", '{"a": NaN}', '{} {}'])(
    'fails the text %j',
    async (outputs) => {
      const answer = await scoreBuiltin('valid_json', {}, { outputs });
      expect(answer.value).toBe(false);
      expect(answer.rationale).toMatch(/^not JSON: ./);
    },
  );

  it('fails where there are no outputs', async () => {
    expect(await scoreBuiltin('valid_json', {}, {})).toEqual({
      value: false,
      rationale: 'there are no outputs',
    });
  });

  it('reads the answer inside a chat response', async () => {
    const say = (content: string) => ({ outputs: { choices: [{ message: { content } }] } });
    expect(await scoreBuiltin('valid_json', {}, say('{"a": 1}'))).toMatchObject({ value: true });
    expect(await scoreBuiltin('valid_json', {}, say('Sure!'))).toMatchObject({ value: false });
  });

  it('asks for keys of an object', async () => {
    const config = { required_keys: ['sql', 'rows', '__proto__'] };
    expect(await scoreBuiltin('valid_json', config, { outputs: '{"sql": ""}' })).toEqual({
      value: false,
      rationale: 'JSON (object) without "rows", "__proto__"',
    });
    const outputs = '{"sql": "", "rows": null, "__proto__": 1}';
    expect(await scoreBuiltin('valid_json', config, { outputs })).toMatchObject({ value: true });
    for (const other of ['null', '[]', '"rows"', '3']) {
      expect(await scoreBuiltin('valid_json', config, { outputs: other })).toMatchObject({
        value: false,
      });
    }
  });

  it('looks into a code fence only when told to', async () => {
    const fenced = { outputs: 'Here:\n```json\n{"code": "```ts"}\n```\nAnything else?' };
    expect(await scoreBuiltin('valid_json', {}, fenced)).toMatchObject({ value: false });
    const config = { allow_fences: true };
    expect(await scoreBuiltin('valid_json', config, fenced)).toMatchObject({ value: true });
    expect(await scoreBuiltin('valid_json', config, { outputs: '[]' })).toMatchObject({
      value: true,
    });
    for (const outputs of ['```json\n{}', '```{}```', '```\n```', '```']) {
      expect(await scoreBuiltin('valid_json', config, { outputs })).toMatchObject({
        value: false,
      });
    }
  });
});
