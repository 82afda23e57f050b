import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkCodeScorer } from '../../../src/core/code-scorer/check-code-scorer.ts';

const PARTS = [
  "import { scorer, Feedback as F } from '@assay/sdk';\n",
  "import z from 'zod';\n",
  'export default ',
  'export ',
  'const limit = 5;\n',
  'let count = 0;\n',
  'function ',
  'async ',
  'class A extends Scorer { score() { return this.config } }\n',
  '({ outputs }) => ',
  'scorer({ name: "a", timeoutMs: 10 }, ',
  '(x) => { count += 1; return x > limit })',
  'new F({ value: 1 })',
  'await import("fs")',
  'this.x',
  '`a ${outputs} b`',
  '{ return outputs }',
  '/* \u2028 */',
  '// end\n',
  '\r\n',
  '(',
  ')',
  ';',
  '\ud800',
  '\0',
  'x',
] as const;

const source = fc
  .array(fc.constantFrom(...PARTS), { maxLength: 12 })
  .map((parts) => parts.join(''));

const LENGTH = '({ outputs }) => outputs.length';
const COUNT = 'function count({ outputs }) { return outputs.length }';

/** Modules that are scorers, each of which counts characters. */
const written = fc
  .record({
    before: fc.array(
      fc.constantFrom(
        "import { Feedback } from '@assay/sdk';",
        "import { scorer as make } from '@assay/sdk';",
        '/* export default */',
        '// export default',
        "'use strict'",
      ),
      { maxLength: 3 },
    ),
    exported: fc.constantFrom(
      `export default ${LENGTH}`,
      `export/**/default(${LENGTH})`,
      `export default ${COUNT}`,
      `export default ${COUNT.replace(' count', '')}`,
      `export default scorer({ name: 'a' }, ${LENGTH})`,
      `export const size = ${LENGTH}`,
      `export ${COUNT}`,
      `const size = ${LENGTH}; export { size }`,
      `${COUNT}; export { count as default, count as other }`,
    ),
    after: fc.constantFrom('', ';', '\n', ' // end', '\nconst last = 1;', '\nfunction last() {}'),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  })
  .map(({ before, exported, after, lineEnd }) => ({
    // A name can be imported once.
    source: [...new Set(before), `${exported}${after}`].join('\n').replaceAll('\n', lineEnd),
  }));

describe('checking any source', () => {
  it('ends in a body that parses, or in problems with a place and advice', () => {
    fc.assert(
      fc.property(fc.oneof(source, fc.string(), fc.string({ unit: 'binary' })), (text) => {
        const check = checkCodeScorer(text);
        if (check.ok) {
          expect(() => Reflect.construct(Function, [check.code.body]) as unknown).not.toThrow();
          expect(check.code.body.split('\n').length).toBeGreaterThan(
            check.code.source.split('\n').length,
          );
          return;
        }
        expect(check.problems.length).toBeGreaterThan(0);
        for (const { line, column, message, advice } of check.problems) {
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
          expect([message, advice]).not.toContain('');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('takes every way to write a module, and returns its scorer', () => {
    fc.assert(
      fc.property(written, ({ source: text }) => {
        const check = checkCodeScorer(text);
        if (!check.ok) throw new Error(check.problems.map(({ message }) => message).join());
        const returned: unknown = Reflect.apply(
          Reflect.construct(Function, ['scorer', check.code.body]),
          undefined,
          [(_options: unknown, score: unknown) => score],
        );
        expect(returned).toBeTypeOf('function');
        expect(Reflect.apply(returned as () => unknown, undefined, [{ outputs: 'abc' }])).toBe(3);
        expect(checkCodeScorer(check.code.source)).toEqual(check);
      }),
      { numRuns: 500 },
    );
  });
});
