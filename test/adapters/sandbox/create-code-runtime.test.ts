import { Feedback } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { createCodeRuntime } from '../../../src/adapters/sandbox/create-code-runtime.ts';
import { isAssayError } from '../../../src/core/errors.ts';
import { openSandbox, TRACE } from './open-sandbox.ts';

const runtime = createCodeRuntime({ sandbox: openSandbox() });
const { signal } = new AbortController();

async function refusalOf(request: Readonly<Record<string, unknown>>): Promise<string> {
  const error: unknown = await runtime.define(request).catch((thrown: unknown) => thrown);
  if (!isAssayError(error, 'SCORER_DEFINITION_INVALID')) throw new Error('it is not refused');
  return error.message;
}

describe('source that is registered', () => {
  it('becomes a definition without types, that can be loaded and called', async () => {
    const source = [
      "import { Feedback, scorer } from '@assay/sdk';",
      'interface Answer { readonly text: string }',
      "export default scorer({ name: 'long' }, ({ outputs }) => {",
      '  const answer: Answer = { text: String(outputs) };',
      "  return new Feedback({ value: answer.text.length > 3, rationale: 'counted' });",
      '});\r\n',
    ].join('\r\n');
    const definition = await runtime.define({ source });
    expect(definition).toMatchObject({ kind: 'code' });
    expect(definition['source']).not.toMatch(/interface|: Answer|\r/);
    expect(runtime.redefine(definition)).toEqual(definition);
    const returned = await runtime.load(definition)?.score({ trace: TRACE, signal });
    expect(returned).toEqual([new Feedback({ value: true, rationale: 'counted' })]);
  });

  it('cannot end the stripper of types for those that come after it', async () => {
    const deep = `export default (a: string) => ${'('.repeat(20_000)}`;
    await expect(runtime.define({ source: deep })).rejects.toMatchObject({
      code: 'SCORER_DEFINITION_INVALID',
    });
    const typed = '({ outputs }: { outputs: unknown }) => String(outputs).length > 3';
    expect(await runtime.define({ source: typed })).toMatchObject({ kind: 'code' });
  });

  it('keeps the time limit that was asked for', async () => {
    const request = { source: '() => 1', timeout_ms: 250 };
    expect(await runtime.define(request)).toEqual({ kind: 'code', ...request });
  });

  it.each([
    ['a name that nobody has', { source: '() => threshold' }, 'threshold'],
    ['an import', { source: "import fs from 'node:fs'; export default () => 1" }, 'node:fs'],
    ['no JavaScript', { source: '() => {' }, ''],
    ['no source', {}, 'source: expected'],
    ['another field', { source: '() => 1', config: {} }, "no field 'config'"],
    ['a time limit that is none', { source: '() => 1', timeout_ms: 0 }, 'timeout_ms: expected'],
    ['a time limit that is too long', { source: '() => 1', timeout_ms: 5000 }, 'from 1 to 1000'],
    ['an endless loop', { source: '() => { for (;;); }' }, 'SCORER_TIMEOUT'],
    ['a promise that never settles', { source: '() => new Promise(() => {})' }, 'never settles'],
    ['a wrong type', { source: '() => new Map()' }, 'the scorer returned Map'],
    [
      'a limit of calls that lets none through',
      { source: "export default scorer({ name: 'a', concurrency: 0 }, () => 1)" },
      'concurrency',
    ],
    ['a name used too early', { source: '() => { x; const x = 1; }' }, "Cannot access 'x'"],
  ])('is refused for %s, and is told why', async (_, request, why) => {
    expect(await refusalOf(request)).toContain(why);
  });

  it('is not refused for an error of its own: its traces may be different from the sample', async () => {
    const source = '({ outputs }) => outputs.citations.length';
    expect(await runtime.define({ source })).toEqual({ kind: 'code', source });
  });

  it('shows its own lines in the stack trace of an error', async () => {
    const source =
      '({ outputs }) => {\n  const check = () => {\n    throw new Error(outputs);\n  };\n  check();\n}';
    const returned = await runtime.load({ kind: 'code', source })?.score({ trace: TRACE, signal });
    const [feedback] = returned as [Feedback];
    expect(feedback.error?.stackTrace?.split('\n').slice(0, 3)).toEqual([
      'Error: about a refund',
      expect.stringMatching(/^ {4}at check \(scorer\.js:3:\d+\)$/),
      expect.stringMatching(/^ {4}at .*\(?scorer\.js:5:\d+\)?$/),
    ]);
    expect(feedback.error?.stackTrace).not.toMatch(/sandbox|anonymous|sdk/);
  });

  it('is not loaded where it is not understood', () => {
    expect(runtime.load({ kind: 'code', source: '() => fetch' })).toBeUndefined();
    expect(runtime.load({ kind: 'module', source: '() => 1' })).toBeUndefined();
    expect(runtime.redefine({ kind: 'code' })).toBeUndefined();
  });
});
