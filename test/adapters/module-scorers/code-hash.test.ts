import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashCode } from '../../../src/adapters/module-scorers/code-hash.ts';
import { put, tempFolder } from './temp-folder.ts';

const files = {
  'package-lock.json': '{ "lockfileVersion": 3 }',
  'scorers/entry.ts': `
    import type { Shape } from './types.ts';
    import { words } from './words.ts';
    import limits from '../limits.json' with { type: 'json' };
    export * from './more.ts';
    import 'some-package';
    import { readFile } from 'node:fs';
    export const late = () => import('./late.ts');
    export const chosen = (name: string) => import(\`./locales/\${name}.ts\`);
    export const count = (text: string): Shape => words(text);
  `,
  'scorers/types.ts': 'export type Shape = number;',
  'scorers/words.ts': `import { split } from './deep/split.ts'; export const words = (t: string) => split(t).length;`,
  'scorers/deep/split.ts': `import { words } from '../words.ts'; export const split = (t: string) => t.split(' ');`,
  'scorers/more.ts': 'export const more = 1;',
  'scorers/late.ts': 'export const late = 1;',
  'scorers/locales/en.ts': 'export const en = 1;',
  'scorers/unrelated.ts': 'export const x = 1;',
  'scorers/node_modules/some-package/index.js': 'export {};',
  'limits.json': '{ "words": 3 }',
};

const at = (folder: string): string => join(folder, 'scorers/entry.ts');

describe('hashCode', () => {
  it('is the same for the same code in another folder', async () => {
    const one = await hashCode(at(await tempFolder(files)));
    const reversed = Object.fromEntries(Object.entries(files).toReversed());
    const other = await hashCode(at(await tempFolder(reversed)));
    expect(one).toMatch(/^[0-9a-f]{64}$/);
    expect(other).toBe(one);
  });

  it.each([
    'scorers/entry.ts',
    'scorers/words.ts',
    'scorers/deep/split.ts',
    'scorers/more.ts',
    'scorers/late.ts',
    'limits.json',
    'package-lock.json',
  ])('changes with %s', async (path) => {
    const folder = await tempFolder(files);
    const before = await hashCode(at(folder));
    await put(folder, path, `${files[path as keyof typeof files]} `);
    expect(await hashCode(at(folder))).not.toBe(before);
  });

  it.each([
    'scorers/types.ts',
    'scorers/unrelated.ts',
    'scorers/locales/en.ts',
    'scorers/node_modules/some-package/index.js',
  ])('does not change with %s', async (path) => {
    const folder = await tempFolder(files);
    const before = await hashCode(at(folder));
    await put(folder, path, `${files[path as keyof typeof files]} `);
    expect(await hashCode(at(folder))).toBe(before);
  });

  it('takes the nearest lock file', async () => {
    const folder = await tempFolder({ ...files, 'scorers/yarn.lock': 'near' });
    const before = await hashCode(at(folder));
    await put(folder, 'package-lock.json', 'far');
    expect(await hashCode(at(folder))).toBe(before);
    await put(folder, 'scorers/yarn.lock', 'changed');
    expect(await hashCode(at(folder))).not.toBe(before);
  });

  it('tells apart the same content under swapped names', async () => {
    const entry = `import './a.js'; import './b.js';`;
    const one = await tempFolder({ 'entry.js': entry, 'a.js': '1;', 'b.js': '2;' });
    const other = await tempFolder({ 'entry.js': entry, 'a.js': '2;', 'b.js': '1;' });
    expect(await hashCode(join(one, 'entry.js'))).not.toBe(await hashCode(join(other, 'entry.js')));
  });

  it('follows "imports" of package.json and symbolic links to the files they mean', async () => {
    const folder = await tempFolder({
      'package.json': '{ "imports": { "#limits": "./lib/limits.js" } }',
      'lib/limits.js': 'export const limit = 1;',
      'lib/linked.js': 'export const linked = 1;',
      'entry.js': `import '#limits'; import './link.js';`,
    });
    await symlink(join(folder, 'lib/linked.js'), join(folder, 'link.js'));
    const hashes = [await hashCode(join(folder, 'entry.js'))];
    await put(folder, 'lib/limits.js', 'export const limit = 2;');
    hashes.push(await hashCode(join(folder, 'entry.js')));
    await put(folder, 'lib/linked.js', 'export const linked = 2;');
    hashes.push(await hashCode(join(folder, 'entry.js')));
    expect(new Set(hashes).size).toBe(3);
  });

  it('names the file and the import that leads nowhere', async () => {
    const folder = await tempFolder({ 'entry.js': `import './gone.js';` });
    await expect(hashCode(join(folder, 'entry.js'))).rejects.toThrow(
      `imports './gone.js', which cannot be found (the import is in ${join(folder, 'entry.js')})`,
    );
  });
});
