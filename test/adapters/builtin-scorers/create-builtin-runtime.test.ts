import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BUILTINS } from '../../../src/adapters/builtin-scorers/catalogue.ts';
import { createBuiltinRuntime } from '../../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { AssayError } from '../../../src/core/errors.ts';
import { contentHash } from '../../../src/core/ids.ts';

const runtime = createBuiltinRuntime();

async function refusal(request: Readonly<Record<string, unknown>>): Promise<AssayError> {
  const error: unknown = await runtime.define(request).then(
    () => new Error('It was accepted.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AssayError)) throw error;
  return error;
}

const NAMES = 'exact_match, contains, regex, valid_json, latency, token_budget, tool_call_match';

describe('define', () => {
  it('makes a closed definition with defaults filled in', async () => {
    expect(await runtime.define({ builtin: 'contains', config: { text: 'refund' } })).toEqual({
      kind: 'builtin',
      builtin: 'contains',
      revision: 1,
      config: { text: 'refund', match: 'any', case_sensitive: true, absent: false },
    });
  });

  it('gives one definition to configurations that mean the same', async () => {
    const implicit = await runtime.define({ builtin: 'regex', config: { pattern: 'a' } });
    const explicit = await runtime.define({
      builtin: 'regex',
      config: { absent: false, flags: '', pattern: 'a' },
    });
    expect(contentHash(explicit)).toBe(contentHash(implicit));
  });

  it('needs no config where every field has a default', async () => {
    expect(await runtime.define({ builtin: 'valid_json' })).toMatchObject({
      config: { allow_fences: false },
    });
  });

  it.each([
    [{}, `builtin: expected the name of a built-in scorer; there are: ${NAMES}`],
    [{ builtin: 7 }, `builtin: expected the name of a built-in scorer, got 7; there are: ${NAMES}`],
    [
      { builtin: 'contain' },
      `builtin 'contain' is not known (did you mean 'contains'?); there are: ${NAMES}`,
    ],
    [{ builtin: 'toxicity' }, `builtin 'toxicity' is not known; there are: ${NAMES}`],
    [{ builtin: 'toString' }, `builtin 'toString' is not known; there are: ${NAMES}`],
    [
      { builtin: 'latency', config: { max_ms: 1 }, source: 'x' },
      "a builtin scorer has no field 'source'; there are: name, kind, builtin, config",
    ],
  ])('refuses the request %j', async (request, message) => {
    const error = await refusal(request);
    expect(error.code).toBe('SCORER_DEFINITION_INVALID');
    expect(error.message).toBe(message);
  });

  it.each([
    ['contains', {}, 'config: expected either text or texts, got {}'],
    [
      'contains',
      { text: 'a', texts: ['b'] },
      'config: expected either text or texts, got {"text":"a","texts":["b"]}',
    ],
    ['contains', { text: 5 }, 'config.text: expected some text, at most 10000 characters, got 5'],
    ['contains', { texts: [] }, 'config.texts: expected a list of 1 to 100 texts, got []'],
    [
      'contains',
      { texts: ['a', ''] },
      'config.texts[1]: expected some text, at most 10000 characters, got ""',
    ],
    [
      'contains',
      { text: 'a', match: 'some' },
      'config.match: expected one of any, all, got "some"',
    ],
    [
      'contains',
      { text: 'a', case_sensitve: false },
      "config.case_sensitve: there is no such field (did you mean 'case_sensitive'?); there are: text, texts, match, case_sensitive, absent",
    ],
    [
      'latency',
      { max_ms: 5, seconds: 3 },
      'config.seconds: there is no such field; there are: max_ms',
    ],
    ['latency', {}, 'config.max_ms: expected a number above 0'],
    ['latency', { max_ms: '5' }, 'config.max_ms: expected a number above 0, got "5"'],
    ['latency', { max_ms: 0 }, 'config.max_ms: expected a number above 0, got 0'],
    [
      'token_budget',
      {},
      'config: expected at least one of max_total, max_input, max_output, got {}',
    ],
    [
      'token_budget',
      { max_total: 1.5 },
      'config.max_total: expected a whole number, 0 or more, got 1.5',
    ],
    [
      'regex',
      { pattern: 'a(?=b)' },
      'config.pattern: expected a pattern of RE2 syntax (no look-around, no back references): invalid or unsupported Perl syntax: `(?=`, got "a(?=b)"',
    ],
    [
      'regex',
      { pattern: 'a', flags: 'gi' },
      'config.flags: expected flags out of i (any case), s (. is any character), m (^ $ per line), got "gi"',
    ],
    [
      'valid_json',
      { allow_fences: 'yes' },
      'config.allow_fences: expected true or false, got "yes"',
    ],
    [
      'exact_match',
      { expected: null },
      'config.expected: expected a JSON value other than null, got null',
    ],
    [
      'tool_call_match',
      { expected: 'search' },
      'config.expected: expected a list of at most 100 tool calls, each a name or { name, arguments }, got "search"',
    ],
    [
      'tool_call_match',
      { expected: [3] },
      'config.expected[0]: expected the name of a tool or { name, arguments }, got 3',
    ],
    [
      'tool_call_match',
      { expected: [{ name: 'a', args: {} }] },
      'config.expected[0].args: there is no such field; there are: name, arguments',
    ],
  ])('refuses %s with %j', async (builtin, config, message) => {
    const error = await refusal({ builtin, config });
    expect(error.code).toBe('SCORER_DEFINITION_INVALID');
    expect(error.message).toBe(`builtin '${builtin}': ${message}`);
  });

  it.each([null, 'text', 3, []])('refuses the config %j', async (config) => {
    const error = await refusal({ builtin: 'latency', config });
    expect(error.message).toMatch(/^builtin 'latency': config(\.max_ms)?: /);
  });

  it('names every mistake of a config at once', async () => {
    const error = await refusal({ builtin: 'latency', config: { max_ms: -1, unit: 's' } });
    expect(error.context.problems).toEqual([
      'config.max_ms: expected a number above 0, got -1',
      'config.unit: there is no such field; there are: max_ms',
    ]);
  });
});

describe('load and redefine', () => {
  it('does not load a revision that this code does not have', async () => {
    const definition = await runtime.define({ builtin: 'latency', config: { max_ms: 5 } });
    expect(runtime.load(definition)).toBeDefined();
    expect(runtime.load({ ...definition, revision: 2 })).toBeUndefined();
    expect(runtime.load({ ...definition, builtin: 'gone' })).toBeUndefined();
    expect(runtime.load({ ...definition, config: {} })).toBeUndefined();
    expect(runtime.load({ ...definition, kind: 'module' })).toBeUndefined();
  });

  it('gives the same scorer and configuration the revision of this code', async () => {
    const definition = await runtime.define({ builtin: 'latency', config: { max_ms: 5 } });
    expect(runtime.redefine({ ...definition, revision: 0 })).toEqual(definition);
    expect(runtime.redefine({ ...definition, builtin: 'gone' })).toBeUndefined();
    expect(runtime.redefine({ ...definition, config: {}, revision: 0 })).toBeUndefined();
  });

  it('leaves a definition of this revision as it is, also without a field that came later', () => {
    const definition = {
      kind: 'builtin',
      builtin: 'contains',
      revision: 1,
      config: { text: 'a' },
    } as const;
    expect(runtime.redefine(definition)).toBe(definition);
    expect(runtime.load(definition)).toBeDefined();
  });
});

describe('the catalogue', () => {
  it.each(BUILTINS)('describes $name and each field of its configuration', (builtin) => {
    expect(builtin.summary).toMatch(/^[A-Z].*\.$/);
    const { properties = {} } = z.toJSONSchema(builtin.configSchema, { io: 'input' });
    expect(Object.keys(properties)).toEqual(builtin.fields);
    for (const [field, schema] of Object.entries(properties)) {
      expect([field, schema]).toEqual([field, expect.objectContaining({ description: TEXT })]);
    }
  });
});

const TEXT: unknown = expect.stringMatching(/./);
