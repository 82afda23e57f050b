import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadModuleRuntime } from '../../../src/adapters/module-scorers/load-module-runtime.ts';
import { AssayError } from '../../../src/core/errors.ts';
import { buildTrace } from '../builtin-scorers/build-trace.ts';
import { scorerFolder } from './scorer-folder.ts';

async function load(files: Readonly<Record<string, string>>, names = Object.keys(files)) {
  return loadModuleRuntime({ files: names, workingDirectory: await scorerFolder(files) });
}

async function refusal(promise: Promise<unknown>): Promise<AssayError> {
  const error: unknown = await promise.then(
    () => new Error('It was accepted.'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof AssayError)) throw error;
  return error;
}

const { signal } = new AbortController();
const trace = buildTrace({ outputs: 'one two three', expectations: { expected_response: 'x' } });

const WORD_COUNT = `
  import { scorer } from '@assay/sdk';
  const split = (text: string): string[] => text.split(' ');
  export const wordCount = scorer({ name: 'word_count', timeoutMs: 50, concurrency: 2 },
    ({ outputs }) => split(String(outputs)).length);
`;

const MIN_WORDS = `
  import { Scorer } from '@assay/sdk';
  export class MinWords extends Scorer {
    static configSchema = { '~standard': { version: 1, vendor: 'test', validate: (value) =>
      Number.isInteger(value?.min) ? { value } : { issues: [{ path: ['min'], message: 'expected a whole number' }] },
    } };
    calls = 0;
    score({ outputs }) {
      this.calls += 1;
      return [this.calls, outputs.split(' ').length >= this.config.min];
    }
  }
  export class Calls extends Scorer {
    count = 0;
    score() { return this.count += 1; }
  }
`;

describe('loadModuleRuntime', () => {
  it('runs a function scorer with what it sees of a trace', async () => {
    const runtime = await load({
      'scorers.ts': `
        import { scorer } from '@assay/sdk';
        export default scorer({ name: 'all' }, (given) => [given]);
      `,
    });
    const definition = await runtime.define({ module_scorer: 'all' });
    const returned = await runtime.load(definition)?.score({ trace, signal });
    expect(returned).toEqual([
      {
        inputs: null,
        outputs: 'one two three',
        expectations: { expected_response: 'x' },
        trace,
        signal,
      },
    ]);
  });

  it('defines a scorer by its name and the hash of its code, and passes its limits on', async () => {
    const runtime = await load({ 'scorers.ts': WORD_COUNT });
    const definition = await runtime.define({ module_scorer: 'word_count' });
    const { code_hash: codeHash, ...rest } = definition;
    expect(rest).toEqual({ kind: 'module', module_scorer: 'word_count', config: null });
    expect(codeHash).toMatch(/^[0-9a-f]{64}$/);
    expect(runtime.load(definition)).toMatchObject({ timeoutMs: 50, concurrency: 2 });
    expect(await runtime.load(definition)?.score({ trace, signal })).toBe(3);
  });

  it('leaves limits out that the scorer does not set', async () => {
    const runtime = await load({ 'scorers.js': MIN_WORDS });
    const loaded = runtime.load(await runtime.define({ module_scorer: 'calls' }));
    expect(Object.keys(loaded ?? {})).toEqual(['score']);
  });

  it('loads several files, each once, by paths from the working directory or absolute', async () => {
    const folder = await scorerFolder({ 'a/one.ts': WORD_COUNT, 'two.js': MIN_WORDS });
    const runtime = await loadModuleRuntime({
      files: ['a/one.ts', join(folder, 'two.js'), 'a/one.ts', './a/one.ts'],
      workingDirectory: folder,
    });
    for (const name of ['word_count', 'calls']) {
      expect(await runtime.define({ module_scorer: name })).toBeDefined();
    }
  });

  it('does not load another state of the code', async () => {
    const before = await load({ 'scorers.ts': WORD_COUNT });
    const after = await load({ 'scorers.ts': WORD_COUNT.replace("split(' ')", 'split(/ +/)') });
    const old = await before.define({ module_scorer: 'word_count' });
    const redefined = after.redefine(old);
    expect(after.load(old)).toBeUndefined();
    expect(redefined).toEqual(await after.define({ module_scorer: 'word_count' }));
    expect(redefined).not.toEqual(old);
    expect(before.redefine(old)).toEqual(old);
  });

  it('knows nothing of a scorer that is not loaded', async () => {
    const definition = await (await load({ 'a.ts': WORD_COUNT })).define({
      module_scorer: 'word_count',
    });
    const none = await loadModuleRuntime({ files: [] });
    expect(none.redefine(definition)).toBeUndefined();
    expect(none.load(definition)).toBeUndefined();
    expect((await refusal(none.define({ module_scorer: 'word_count' }))).message).toBe(
      "module scorer 'word_count' is not loaded; this service has loaded none. Deploy it in a file named by ASSAY_SCORERS and restart the service",
    );
  });

  it('refuses files that cannot be used, all of them at once', async () => {
    const folder = await scorerFolder({
      'empty.js': '',
      'values.ts': 'export const a = 1; export class B {}',
      'notes.txt': 'scorers',
    });
    const error = await refusal(
      loadModuleRuntime({
        files: ['gone.ts', 'empty.js', 'values.ts', 'notes.txt', 'node_modules'],
        workingDirectory: folder,
      }),
    );
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.message.split('\n')).toEqual([
      'ASSAY_SCORERS has 5 mistakes:',
      `  gone.ts does not exist; paths are relative to the working directory, ${folder}`,
      '  empty.js exports no scorer (it exports nothing); export what scorer(…) returns, or a class that extends Scorer',
      '  values.ts exports no scorer (it exports B, a); export what scorer(…) returns, or a class that extends Scorer',
      '  notes.txt is not a module; its name must end in .ts, .mts, .js, .mjs',
      '  node_modules is not a file; name the module itself',
    ]);
  });

  it('refuses two scorers of one name and says where both are', async () => {
    const two = await refusal(load({ 'a.ts': WORD_COUNT, 'b.ts': WORD_COUNT }));
    expect(two.code).toBe('CONFIG_INVALID');
    expect(two.message).toBe(
      "ASSAY_SCORERS: b.ts has a scorer named 'word_count', and so has a.ts; give one of them another name",
    );
    const both = `${WORD_COUNT} export const other = scorer({ name: 'word_count' }, () => 1);`;
    expect((await refusal(load({ 'a.ts': both }))).message).toBe(
      "ASSAY_SCORERS: a.ts has two scorers named 'word_count', its exports other and wordCount; give one of them another name",
    );
  });

  it('takes a scorer that is exported under two names as one', async () => {
    const runtime = await load({ 'a.ts': `${WORD_COUNT} export default wordCount;` });
    expect(await runtime.define({ module_scorer: 'word_count' })).toBeDefined();
  });
});

describe('define', () => {
  it('tells which scorers are loaded', async () => {
    const runtime = await load({ 'a.ts': WORD_COUNT, 'b.js': MIN_WORDS });
    const unknown = await refusal(runtime.define({ module_scorer: 'word_cuont' }));
    expect(unknown.code).toBe('SCORER_NOT_LOADED');
    expect(unknown.message).toBe(
      "module scorer 'word_cuont' is not loaded (did you mean 'word_count'?); this service has loaded: calls, min_words, word_count. Deploy it in a file named by ASSAY_SCORERS and restart the service",
    );
    const unnamed = await refusal(runtime.define({}));
    expect(unnamed.code).toBe('SCORER_DEFINITION_INVALID');
    expect(unnamed.message).toBe(
      'module_scorer: expected the name of a module scorer; this service has loaded: calls, min_words, word_count',
    );
  });

  it('refuses a config for a scorer that takes none, and fields that mean nothing', async () => {
    const runtime = await load({ 'a.ts': WORD_COUNT });
    const config = await refusal(
      runtime.define({ module_scorer: 'word_count', config: { min: 3 } }),
    );
    expect(config.code).toBe('SCORER_DEFINITION_INVALID');
    expect(config.message).toBe(
      "module scorer 'word_count' takes no config: it is a scorer made ready in a.ts; a class that extends Scorer takes one",
    );
    expect(await runtime.define({ module_scorer: 'word_count', config: {} })).toMatchObject({
      config: null,
    });
    const stray = await refusal(runtime.define({ module_scorer: 'word_count', source: 'x' }));
    expect(stray.message).toBe(
      "a module scorer has no field 'source'; there are: name, kind, module_scorer, config",
    );
  });

  it('has a class judge its config', async () => {
    const runtime = await load({ 'b.js': MIN_WORDS });
    expect(await runtime.define({ module_scorer: 'min_words', config: { min: 3 } })).toMatchObject({
      module_scorer: 'min_words',
      config: { min: 3 },
    });
    for (const config of [{ min: 'three' }, {}, undefined]) {
      const error = await refusal(runtime.define({ module_scorer: 'min_words', config }));
      expect(error.code).toBe('SCORER_DEFINITION_INVALID');
      expect(error.message).toBe("module scorer 'min_words': config.min: expected a whole number");
    }
    for (const config of ['three', [3], 3]) {
      const error = await refusal(runtime.define({ module_scorer: 'min_words', config }));
      expect(error.message).toBe(
        "module scorer 'min_words': config: expected an object of settings",
      );
    }
  });

  it('takes the name of a class as well, and writes down the name of its scorers', async () => {
    const runtime = await load({ 'b.js': MIN_WORDS });
    const definition = await runtime.define({ module_scorer: 'MinWords', config: { min: 1 } });
    expect(definition.module_scorer).toBe('min_words');
  });

  it('keeps a config that the caller changes later', async () => {
    const runtime = await load({ 'b.js': MIN_WORDS });
    const config = { min: 3 };
    const definition = await runtime.define({ module_scorer: 'min_words', config });
    config.min = 4;
    expect(definition.config).toEqual({ min: 3 });
  });
});

describe('load', () => {
  it('never shares the state of a class between registrations', async () => {
    const runtime = await load({ 'b.js': MIN_WORDS });
    const [three, four] = await Promise.all(
      [3, 4].map((min) => runtime.define({ module_scorer: 'min_words', config: { min } })),
    );
    if (three === undefined || four === undefined) throw new Error('not defined');
    const [first, second, other] = [runtime.load(three), runtime.load(three), runtime.load(four)];
    expect(await first?.score({ trace, signal })).toEqual([1, true]);
    expect(await first?.score({ trace, signal })).toEqual([2, true]);
    expect(await second?.score({ trace, signal })).toEqual([1, true]);
    expect(await other?.score({ trace, signal })).toEqual([1, false]);
  });

  it('hands on what a scorer throws, at once or later', async () => {
    const runtime = await load({
      'a.js': `
        import { scorer } from '@assay/sdk';
        export const now = scorer({ name: 'now' }, ({ outputs }) => outputs.citations.length);
        export const later = scorer({ name: 'later' }, async () => { throw new RangeError('no'); });
      `,
    });
    for (const [name, kind] of [
      ['now', TypeError],
      ['later', RangeError],
    ] as const) {
      const loaded = runtime.load(await runtime.define({ module_scorer: name }));
      await expect(loaded?.score({ trace, signal })).rejects.toThrow(kind);
    }
  });

  it('fails trace by trace when a class cannot be made any more', async () => {
    const runtime = await load({
      'a.js': `
        import { Scorer } from '@assay/sdk';
        let made = 0;
        export class Once extends Scorer {
          constructor(options) {
            super(options);
            if (++made > 1) throw new Error('the key is gone');
          }
          score() { return true; }
        }
      `,
    });
    const definition = await runtime.define({ module_scorer: 'once' });
    const loaded = runtime.load(definition);
    await expect(loaded?.score({ trace, signal })).rejects.toThrow('the key is gone');
    expect(runtime.redefine(definition)).toBeUndefined();
  });

  it('makes no version of code that refuses the config by now', async () => {
    const lenient = await load({
      'b.js': MIN_WORDS.replace('Number.isInteger(value?.min)', 'true'),
    });
    const definition = await lenient.define({ module_scorer: 'min_words', config: { max: 1 } });
    const strict = await load({ 'b.js': MIN_WORDS });
    expect(strict.redefine(definition)).toBeUndefined();
    expect(strict.redefine({ ...definition, config: { min: 1 } })).toBeDefined();
  });
});
