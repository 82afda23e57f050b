import { AssessmentError, Feedback, notApplicable, scorer } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import {
  checkCodeScorer,
  MAX_SOURCE_LENGTH,
} from '../../../src/core/code-scorer/check-code-scorer.ts';
import type { CodeProblem } from '../../../src/core/code-scorer/code-scorer.ts';
import {
  ARGUMENT_NAMES,
  MISSING_GLOBALS,
  SANDBOX_GLOBALS,
} from '../../../src/core/code-scorer/sandbox-globals.ts';

const SDK = { scorer, Feedback, AssessmentError, notApplicable };

function accepted(source: string) {
  const check = checkCodeScorer(source);
  if (check.ok) return check.code;
  throw new Error(check.problems.map(({ message }) => message).join('; '));
}

function problemsOf(source: string): readonly CodeProblem[] {
  const check = checkCodeScorer(source);
  return check.ok ? [] : check.problems;
}

/** Name, line and column of each problem. */
function placesOf(source: string): readonly string[] {
  return problemsOf(source).map(({ name, line, column }) => `${name} ${line}:${column}`);
}

/** What the body of a source returns, called with an answer; as the sandbox does, in a function. */
function answerOf(source: string, outputs: unknown): unknown {
  const { body } = accepted(source);
  const names = Object.keys(SDK);
  const make = Reflect.construct(Function, [...names, body]) as (
    ...args: readonly unknown[]
  ) => (args: { readonly outputs: unknown }) => unknown;
  return make(...Object.values(SDK))({ outputs });
}

describe('the source of a code scorer', () => {
  it.each([
    ['an arrow function', '({ outputs }) => String(outputs).length'],
    ['a function', 'function ({ outputs }) { return String(outputs).length }'],
    ['a function with a name', 'function size({ outputs }) { return String(outputs).length }'],
    [
      'a function after a comment',
      '// counts\n/* all */ function ({ outputs }) {\n  return 5;\n} // end\n;\n',
    ],
    ['one in parentheses', '(({ outputs }) => String(outputs).length);'],
    ['one after a directive', "'use strict';\n({ outputs }) => outputs.length"],
    ['a default export', 'export default ({ outputs }) => outputs.length;'],
    ['a default export in parentheses', 'export default (({ outputs }) => outputs.length)'],
    [
      'a default function',
      'export default function ({ outputs }) { return outputs.length } const a = 1;',
    ],
    [
      'a default function with a name',
      'export default function size({ outputs }) { return count(outputs) }\nfunction count(text) { return text.length }',
    ],
    [
      'a name exported by default',
      'const size = ({ outputs }) => outputs.length;\nexport { size as default };',
    ],
    [
      'the only export',
      'const add = (a) => a + 0;\nexport const size = ({ outputs }) => add(outputs.length);',
    ],
    ['a constant below', 'export default ({ outputs }) => outputs.length + ZERO;\nconst ZERO = 0;'],
    [
      'an import before a function',
      "import { Feedback } from '@assay/sdk';\n({ outputs }) => new Feedback({ value: outputs.length }).value",
    ],
    [
      'a default export over lines',
      'export /* the */\ndefault\n// scorer\n({ outputs }) => outputs.length',
    ],
    ['a name that looks like ours', 'const $scorer = 5;\nexport default () => $scorer'],
  ])('may be %s', (_title, source) => {
    expect(answerOf(source, 'abcde')).toBe(5);
  });

  it.each([
    "import { scorer, Feedback } from '@assay/sdk';\nexport default scorer({ name: 'size', timeoutMs: 1_000 }, ({ outputs }) => new Feedback({ value: outputs.length }));",
    "import { scorer as make, Feedback as F } from '@assay/sdk';\nexport const size = make({ 'name': `size`, timeoutMs: 1e3 }, ({ outputs }) => new F({ value: outputs.length }));",
    "const score = ({ outputs }) => outputs.length;\nconst size = scorer({ name: 'size', timeoutMs: 1000 }, score);\nexport default size;",
  ])('may make a scorer with options: %s', async (source) => {
    const { options } = accepted(source);
    expect(options).toEqual({ name: 'size', timeoutMs: 1000 });
    const answer = await answerOf(source, 'abcde');
    expect(answer instanceof Feedback ? answer.value : answer).toBe(5);
  });

  it('tells only the options that are literals', () => {
    const source =
      "const limit = 5;\nexport default scorer({ name: 'a' + 'b', timeoutMs: limit, concurrency: 2, description: 'x', ['y']: 1, ...{} }, () => 1)";
    expect(accepted(source).options).toEqual({ concurrency: 2, description: 'x' });
  });

  it('is kept with LF line ends, without byte order mark and white space at the end', () => {
    expect(accepted('\uFEFF() => {\r\n  return 1;\r}\r\n \n').source).toBe(
      '() => {\n  return 1;\n}',
    );
  });

  it('keeps its lines in the body', () => {
    const source = [
      "import { scorer as make } from '@assay/sdk';",
      'const a = 1;',
      'export default',
      "  make({ name: 'a' }, () => {",
      "    throw new Error('here');",
      '  });',
    ].join('\n');
    const lines = accepted(source).body.split('\n');
    expect(lines[1]).toBe('const a = 1;');
    expect(lines[4]).toBe("    throw new Error('here');");
  });

  it('runs in strict mode, as a module does', () => {
    expect(answerOf('function () { return (function () { return this })() }', '')).toBeUndefined();
  });

  it.each(Object.keys(SANDBOX_GLOBALS))('may use %s', (name) => {
    expect(placesOf(`() => ${name}`)).toEqual([]);
  });

  it.each([
    'const { a, ...rest } = { a: 1 };\nexport default ({ outputs: [first = a] = [] }) => { label: for (const x of [first]) continue label; try { return rest } catch (error) { return error } }',
    '() => { class Counter { #n = 1; get n() { return this.#n } } return new Counter().n }',
    '() => { const o = { n: 1, get() { return this.n } }; return o.get() }',
    'async ({ outputs }) => { for await (const each of outputs) return each; await null }',
    '({ trace }) => trace?.searchSpans({ type: "TOOL" }).map(({ name }) => `${name}`).join()',
    'function f() { return f.name + arguments.length }',
  ])('may be any JavaScript: %s', (source) => {
    expect(placesOf(source)).toEqual([]);
  });
});

describe('a name that the source does not have', () => {
  it('is told with its line and column, once, and with what to do', () => {
    const source =
      '({ outputs }) => {\n  const n = outputs.length;\n  return n > threshold || n < threshold;\n}';
    expect(problemsOf(source)).toEqual([
      {
        name: 'threshold',
        line: 3,
        column: 14,
        message: '`threshold` (line 3) is defined outside the function',
        advice: 'move it inside, or make it a constant in the file',
      },
    ]);
  });

  it('is told with the one that may be meant', () => {
    const [problem] = problemsOf('() => new Fedback({ value: 1 })');
    expect(problem?.advice).toMatch(/did you mean `Feedback`\?$/);
    const [local] = problemsOf('() => { const treshold = 1; return threshold }');
    expect(local?.advice).toMatch(/did you mean `treshold`\?$/);
  });

  it.each(ARGUMENT_NAMES)('is taken from the argument, if it is %s', (name) => {
    expect(problemsOf(`() => ${name}`)).toMatchObject([
      { name, advice: `take it from the argument: ({ ${name} }) => …` },
    ]);
  });

  it.each(Object.entries(MISSING_GLOBALS))('has advice of its own, if it is %s', (name, advice) => {
    expect(problemsOf(`() => typeof ${name}`)).toMatchObject([{ name, line: 1, advice }]);
  });

  it('is refused when it is assigned', () => {
    expect(problemsOf('() => { total = 1 }')).toMatchObject([
      { name: 'total', advice: 'declare it with const or let inside the function' },
    ]);
  });

  it('lies in one list or the other', () => {
    const both = Object.keys(MISSING_GLOBALS).filter((name) => name in SANDBOX_GLOBALS);
    expect(both).toEqual([]);
  });
});

describe('hostile source', () => {
  const names = (letter: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${letter}${index.toString(36)}name`);

  it('is told of twenty names, and not compared with all there are', () => {
    const declared = names('a', 2_000).map((name) => `const ${name} = 1;`);
    const source = `${declared.join('')} export default () => [${names('b', 2_000).join()}]`;
    const check = checkCodeScorer(source);
    expect(check.ok ? [] : check.problems).toHaveLength(20);
  });

  it('is given a name that it does not have in one pass', () => {
    const dollars = '$'.repeat(40_000);
    const check = checkCodeScorer(
      `const ${dollars}scorer = 1; export default () => ${dollars}scorer`,
    );
    expect(check.ok && check.code.body.includes(`const $${dollars}scorer=`)).toBe(true);
  });
});

describe('what reaches outside', () => {
  it.each([
    ["import { z } from 'zod';\nexport default () => z", 'zod 1:1'],
    ["import 'fs';\nexport default () => 1", 'fs 1:1'],
    ["export default () => 1;\nexport * from './a.ts'", './a.ts 2:1'],
    ["export default () => 1;\nexport { a } from './a.ts'", './a.ts 2:1'],
    ["async () => (await import('node:fs')).readFileSync", 'node:fs 1:20'],
    ['async (x) => import(x)', 'null 1:14'],
  ])('is refused with the module: %s', (source, place) => {
    expect(placesOf(source)).toEqual([place]);
    expect(problemsOf(source)[0]?.advice).toMatch(/^copy what you need .*ASSAY_SCORERS/);
  });

  it('is refused as require, with the same advice', () => {
    expect(problemsOf("() => require('zod')")).toMatchObject([{ name: 'require', line: 1 }]);
    expect(problemsOf("() => require('zod')")[0]?.advice).toMatch(/^copy what you need/);
  });

  it.each([
    [
      "import { Scorer } from '@assay/sdk';\nexport default () => 1",
      'Scorer 1:10',
      /class scorers/,
    ],
    ["import { Trace } from '@assay/sdk';\nexport default () => 1", 'Trace 1:10', /import type/],
    [
      "import * as assay from '@assay/sdk';\nexport default () => 1",
      'assay 1:8',
      /import \{ scorer/,
    ],
    ["import assay from '@assay/sdk';\nexport default () => 1", 'assay 1:8', /import \{ scorer/],
    ['() => import.meta.url', 'import.meta 1:7', /leave it out/],
    ['const a = await 1;\nexport default () => a', 'await 1:11', /constants/],
    ['for await (const a of []) ;\nexport default () => 1', 'await 1:1', /constants/],
    ['() => this.x', 'this 1:7', /parameter/],
    ['function f() { return () => this }', 'this 1:29', /parameter/],
    ['let n = 0;\nexport default () => n++', 'n 2:22', /begins anew/],
  ])('is refused: %s', (source, place, advice) => {
    expect(placesOf(source)).toEqual([place]);
    expect(problemsOf(source)[0]?.advice).toMatch(advice);
  });
});

describe('what is no code scorer', () => {
  it.each([
    "import { Scorer } from '@assay/sdk';\nimport { z } from 'zod';\nexport default class Long extends Scorer { score() { return z } }",
    'export class Long {}',
    'class Long {}',
    'class Long {}\nexport default Long',
    'class Long {}\nexport const long = new Long()',
  ])('is a class, which is to be deployed: %s', (source) => {
    expect(problemsOf(source)).toMatchObject([
      { name: 'Long', message: expect.stringMatching(/^`Long` \(line \d\) is a class/) as unknown },
    ]);
    expect(problemsOf(source)[0]?.advice).toMatch(/ASSAY_SCORERS.*--module-scorer/);
  });

  it.each([
    ['', /there is no scorer/],
    ['// nothing\n', /there is no scorer/],
    ['const a = 1;', /exports no scorer/],
    ['42', /is no function/],
    ['export default { score() {} }', /is no function/],
    ['export const a = () => 1, b = () => 2', /several things: a, b$/],
    ['function* f() { yield 1 }', /is a generator/],
    ["export default scorer({ name: 'a' }, class {})", /is a class/],
  ])('is refused: %j', (source, message) => {
    const [problem] = problemsOf(source);
    expect(problem?.message).toMatch(message);
    expect(problem?.advice).not.toBe('');
  });

  it('is what cannot be parsed, with the place', () => {
    expect(problemsOf('({ outputs }) => {\n  return outputs +;\n}')).toEqual([
      {
        name: null,
        line: 2,
        column: 19,
        message: 'the source is not valid JavaScript (line 2): Unexpected token',
        advice: expect.stringMatching(/types have to be stripped/) as unknown,
      },
    ]);
    expect(problemsOf("({ outputs }) => { 'use strict' }")[0]?.advice).toMatch(/always strict/);
  });

  it.each(['('.repeat(40_000), `() => ${'['.repeat(5_000)}${']'.repeat(5_000)}`])(
    'is what is nested too deeply',
    (source) => {
      expect(problemsOf(source)).toMatchObject([
        { message: 'the source is nested too deeply to be read' },
      ]);
    },
  );

  it.each(['/* */ ', '// ', '/* ** / ', '\u2028// '])(
    'is found out in no more time for many comments: %j',
    (comment) => {
      const source = `function () {}\n${comment.repeat(15_000)}\n)`;
      expect(problemsOf(source)).toMatchObject([{ name: null }]);
    },
    2_000,
  );

  it('is a function with something after it, on whatever line', () => {
    expect(problemsOf('function () {} // end\u2028 evil()')).toMatchObject([{ name: null }]);
  });

  it('is what is too long', () => {
    const source = `() => '${'a'.repeat(MAX_SOURCE_LENGTH)}'`;
    expect(problemsOf(source)[0]?.message).toMatch(/has 100008 characters, and may have 100000/);
  });
});
