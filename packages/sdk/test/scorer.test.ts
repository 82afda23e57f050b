import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  isScorer,
  isScorerClass,
  Scorer,
  type ScorerArguments,
  ScorerDefinitionError,
  type StandardSchema,
} from '../src/index.ts';

class MinWords extends Scorer<{ min: number; words: string[] }, { min: number; words?: string[] }> {
  static readonly configSchema = z.strictObject({
    min: z.int().positive(),
    words: z.array(z.string()).default([]),
  });
  calls = 0;

  score({ outputs }: ScorerArguments): boolean {
    this.calls += 1;
    return String(outputs).split(' ').length >= this.config.min;
  }
}

class Plain extends Scorer {
  #count = 0;
  score(): number {
    this.#count += 1;
    return this.#count;
  }
}

/** As JavaScript without types calls it. */
function construct(Class: unknown, ...args: unknown[]): unknown {
  return Reflect.construct(Class as new () => unknown, args);
}

describe('Scorer', () => {
  it('scores with its configuration', async () => {
    const minWords = new MinWords({ config: { min: 3 } });
    expect(await minWords.run({ outputs: 'one two three' })).toBe(true);
    expect(await minWords.run({ outputs: 'one two' })).toBe(false);
  });

  it('keeps state in each instance', async () => {
    const [a, b] = [new Plain(), new Plain()];
    expect([await a.run({}), await a.run({}), await b.run({})]).toEqual([1, 2, 1]);
  });

  it('is called like its class in snake case unless it is given a name', () => {
    class HTTPStatus2xx extends Plain {}
    expect(new MinWords({ config: { min: 1 } }).name).toBe('min_words');
    expect(new HTTPStatus2xx().name).toBe('http_status2xx');
    expect(new MinWords({ name: 'long_enough', config: { min: 1 } }).name).toBe('long_enough');
  });

  it('needs a name when its class has none', () => {
    const Nameless = (() => class extends Plain {})();
    expect(() => new Nameless()).toThrow(expect.objectContaining({ field: 'name' }));
    expect(new Nameless({ name: 'n' }).name).toBe('n');
  });

  it('fills in the defaults of the schema and freezes the configuration throughout', () => {
    const words = ['a'];
    const { config } = new MinWords({ config: { min: 1, words } });
    expect(config).toEqual({ min: 1, words: ['a'] });
    expect(new MinWords({ config: { min: 1 } }).config.words).toEqual([]);
    expect(() => config.words.push('b')).toThrow(TypeError);
    expect(() => Object.assign(config, { min: 2 })).toThrow(TypeError);
    words.push('the caller still owns what it gave');
    expect(config.words).toEqual(['a']);
  });

  it.each<[string, RegExp, unknown]>([
    ['config.min', /^config\.min: .*expected number.*received string/, { min: 'three' }],
    ['config.min', /^config\.min: Too small.*>0/, { min: 0 }],
    ['config.words[1]', /^config\.words\[1\]: .*expected string/, { min: 1, words: ['a', 2] }],
    ['config', /^config: Unrecognized key: "max"/, { min: 1, max: 2 }],
    ['config.min', /^config\.min: .*expected number/, undefined],
    ['config', /^config: .*expected object/, []],
    ['config.min', /^config\.min must be JSON, got NaN/, { min: Number.NaN }],
    ['config.min', /^config\.min must be JSON, got Date/, { min: new Date(0) }],
    ['config.words[0]', /^config\.words\[0\] must be JSON, got function/, { words: [() => 1] }],
  ])('refuses a configuration and names %s and what was expected', (field, message, config) => {
    const make = (): unknown => construct(MinWords, { config });
    expect(make).toThrow(ScorerDefinitionError);
    expect(make).toThrow(expect.objectContaining({ field }));
    expect(make).toThrow(message);
  });

  it('names every field of a configuration that is wrong', () => {
    expect(() => construct(MinWords, { config: { min: 'x', words: 5 } })).toThrow(
      /config\.min: .*; config\.words: /,
    );
  });

  it('refuses a configuration that holds itself', () => {
    const config: Record<string, unknown> = {};
    config['self'] = config;
    expect(() => construct(Plain, { config })).toThrow(/nested too deeply, or holds itself/);
  });

  it('needs no configuration when all fields have defaults', () => {
    class Lenient extends Scorer<{ min: number }, { min?: number }> {
      static readonly configSchema = z.strictObject({ min: z.int().default(1) });
      score(): number {
        return this.config.min;
      }
    }
    expect(new Lenient().config).toEqual({ min: 1 });
    expect(new Lenient({ config: { min: 2 } }).withSampling({}).config).toEqual({ min: 2 });
  });

  it('takes any configuration as it is without a schema', () => {
    class Loose extends Scorer<{ a: number; b?: number }> {
      score(): number {
        return this.config.a;
      }
    }
    const { config } = new Loose({ config: { a: 1 } });
    expect(config).toEqual({ a: 1 });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('takes any Standard Schema, and only one that answers at once', () => {
    const schema = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
      '~standard': { version: 1, vendor: 'test', validate },
    });
    class Own extends Plain {
      static readonly configSchema: unknown = schema(() => ({
        issues: [{ message: 'wrong', path: [{ key: 'a' }, 'b', 0] }],
      }));
    }
    class Async extends Plain {
      static readonly configSchema: unknown = schema(async (value) => ({ value }));
    }
    class NoSchema extends Plain {
      static readonly configSchema: unknown = { parse: (value: unknown) => value };
    }
    expect(() => new Own()).toThrow(/^config\.a\.b\[0\]: wrong$/);
    expect(() => new Async()).toThrow(/^configSchema must check a configuration at once/);
    expect(() => new NoSchema()).toThrow(/^configSchema must be a Standard Schema/);
  });

  it('checks its settings like those of function scorers', () => {
    expect(() => new Plain({ timeoutMs: 0 })).toThrow(
      expect.objectContaining({ field: 'timeoutMs' }),
    );
    expect(new Plain({ concurrency: 3, aggregations: ['min'] })).toMatchObject({
      concurrency: 3,
      aggregations: ['min'],
    });
  });

  it('gives a new instance with fresh state and another sampling configuration', async () => {
    const first = new MinWords({ name: 'm', timeoutMs: 5, config: { min: 2 } });
    await first.run({ outputs: 'one' });
    const second = first.withSampling({ sampleRate: 0.25, filterString: "tags.a = 'b'" });
    expect(second).toBeInstanceOf(MinWords);
    expect(second).toMatchObject({ name: 'm', timeoutMs: 5, config: { min: 2 }, calls: 0 });
    expect([second.sampleRate, second.filterString]).toEqual([0.25, "tags.a = 'b'"]);
    expect([first.samplingConfig, first.calls]).toEqual([null, 1]);
    expect(second.withSampling({ sampleRate: 0 }).samplingConfig).toEqual({
      sampleRate: 0,
      filterString: null,
    });
  });

  it('cannot have its settings changed', () => {
    const plain = new Plain();
    for (const key of ['name', 'sampleRate', 'samplingConfig', 'timeoutMs', 'aggregations']) {
      expect(() => Object.assign(plain, { [key]: 1 })).toThrow(TypeError);
    }
  });

  it('lets a subclass have a constructor that takes the same options', async () => {
    class Fixed extends Scorer<{ min: number }> {
      constructor(options: { readonly config?: { min: number } } = {}) {
        super({ ...options, name: 'fixed', config: options.config ?? { min: 4 } });
      }
      score(): number {
        return this.config.min;
      }
    }
    const fixed = new Fixed().withSampling({});
    expect([fixed.name, await fixed.run({})]).toEqual(['fixed', 4]);
  });

  it('says so when a subclass has a constructor of another kind', () => {
    class Positional extends Scorer<{ min: number }> {
      constructor(min: number) {
        super({ config: { min } });
      }
      score(): number {
        return this.config.min;
      }
    }
    expect(() => new Positional(3).withSampling({})).toThrow(
      /the constructor of Positional must take one options object/,
    );
  });

  it('tells scorers and scorer classes from other things', () => {
    expect(isScorer(new Plain())).toBe(true);
    expect(isScorerClass(Plain)).toBe(true);
    expect(isScorerClass(Scorer)).toBe(false);
    for (const other of [null, undefined, 1, 'x', {}, class {}, () => true, async () => null]) {
      expect([isScorer(other), isScorerClass(other)]).toEqual([false, false]);
    }
  });

  it('has types that follow from the configuration', () => {
    expectTypeOf(new Plain()).toHaveProperty('config').toEqualTypeOf<Readonly<undefined>>();
    expectTypeOf(new MinWords({ config: { min: 1 } }).config.words).toEqualTypeOf<string[]>();
    expectTypeOf(new MinWords({ config: { min: 1 } }).withSampling({})).toEqualTypeOf<MinWords>();
    // @ts-expect-error the configuration is required
    expect(() => new MinWords()).toThrow(ScorerDefinitionError);
    // @ts-expect-error min is a number
    expect(() => new MinWords({ config: { min: 'x' } })).toThrow(ScorerDefinitionError);
    // @ts-expect-error a scorer without score cannot be used
    expect(() => new (class Bare extends Scorer {})()).not.toThrow();
  });
});
