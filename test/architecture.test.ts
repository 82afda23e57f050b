import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findCycle } from './architecture/find-cycle.ts';
import { judgeImports, targetOf } from './architecture/judge-imports.ts';
import { LAYERS, MAX_LINES, READERS_OF_THE_ENVIRONMENT } from './architecture/layers.ts';
import { readImports } from './architecture/read-imports.ts';

const sources = globSync(['src/**/*.ts', 'packages/*/src/**/*.ts'])
  .map((file) => file.replaceAll('\\', '/'))
  .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
const imports = new Map(sources.map(({ file, text }) => [file, readImports(file, text)]));

describe('the source tree', () => {
  it('has files in every layer of the table', () => {
    const empty = LAYERS.filter(({ path }) => !sources.some(({ file }) => file.startsWith(path)));
    expect(empty.map(({ path }) => path)).toEqual([]);
  });

  it('imports downwards only', () => {
    expect([...imports].flatMap(([file, list]) => judgeImports(file, list))).toEqual([]);
  });

  it('has no cycle of imports', () => {
    const graph = new Map(
      [...imports].map(([file, list]) => [file, list.flatMap((one) => targetOf(file, one) ?? [])]),
    );
    expect(findCycle(graph)).toBeUndefined();
  });

  it('has no file that is too long', () => {
    const lines = sources.map(({ file, text }) => ({ file, lines: text.split('\n').length - 1 }));
    expect(lines.filter(({ lines: count }) => count > MAX_LINES)).toEqual([]);
  });

  it('reads the environment of the process in one place', () => {
    const readers = sources.filter(({ text }) => /\bprocess\.env\b/.test(text));
    expect(readers.map(({ file }) => file)).toEqual(READERS_OF_THE_ENVIRONMENT);
  });
});

describe('the rules themselves', () => {
  const problems = (file: string, text: string) => judgeImports(file, readImports(file, text));

  it.each([
    ['static', `import { a } from '../engine/retry.ts'`],
    ['type', `import type { A } from '../engine/retry.ts'`],
    ['inline type', `type A = import('../engine/retry.ts').Retry`],
    ['dynamic', `const a = await import('../engine/retry.ts')`],
    ['side effect', `import '../engine/retry.ts'`],
    ['package', `import fastify from 'fastify'`],
    ['node', `import { readFile } from 'node:fs'`],
    ['computed', 'const a = await import(name)'],
    ['re-export', `export { a } from './errors.ts'`],
  ])('refuse a %s import that is not in the table', (_, text) => {
    expect(problems('src/core/example.ts', text)).toHaveLength(1);
  });

  it('refuse that one adapter imports another', () => {
    const text = `import { a } from '../postgres/migrate.ts'`;
    expect(problems('src/adapters/kafka/example.ts', text)).toHaveLength(1);
  });

  it('tell types from values where only types may be imported', () => {
    const type = `import { type A } from '../core/errors.ts'`;
    expect(problems('src/ports/example.ts', type)).toEqual([]);
    const value = `import { type A, b } from '../core/errors.ts'`;
    expect(problems('src/ports/example.ts', value)).toHaveLength(1);
  });

  it('find a cycle', () => {
    const graph = new Map([
      ['a', ['b', 'c']],
      ['b', []],
      ['c', ['d']],
      ['d', ['a']],
    ]);
    expect(findCycle(graph)).toEqual(['a', 'c', 'd', 'a']);
  });
});
