import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { scorerFolder } from './scorer-folder.ts';

const SCRIPT = fileURLToPath(new URL('./print-refusals.ts', import.meta.url));
const GOOD = `
  import { scorer } from '@assay/sdk';
  export const one = scorer({ name: 'one' }, ({ outputs }: { outputs?: unknown }) => outputs === 1);
`;

/** The refusal of each folder when Node loads it; FOLDER stands for its path. */
async function refusalsOf(
  cases: readonly Readonly<Record<string, string>>[],
  files: readonly string[] = ['scorers.ts'],
): Promise<readonly unknown[]> {
  const folders: string[] = [];
  for (const each of cases) folders.push(await scorerFolder(each));
  const arguments_ = folders.map((workingDirectory) => ({ workingDirectory, files }));
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [SCRIPT, JSON.stringify(arguments_)]);
  const refusals = JSON.parse(stdout) as readonly ({ code: string; message: string } | null)[];
  return refusals.map((refusal, index) => {
    if (refusal === null) return null;
    const message = refusal.message.replaceAll(folders[index] ?? '', 'FOLDER');
    return `${refusal.code} ${message}`;
  });
}

describe('loadModuleRuntime under Node', () => {
  it('says what is wrong with a file, and where', async () => {
    const refusals = await refusalsOf([
      { 'scorers.ts': GOOD },
      { 'scorers.ts': 'const a = ;' },
      { 'scorers.ts': `import './inner.ts';`, 'inner.ts': '\nconst a = ;' },
      { 'scorers.ts': 'export enum Tone { Kind }' },
      { 'scorers.ts': `import { gone } from './inner.ts';`, 'inner.ts': 'export const a = 1;' },
      { 'scorers.ts': `\nthrow new TypeError('no key');` },
      { 'scorers.ts': `throw 'no key';` },
      { 'scorers.ts': `import 'no-such-package';` },
      { 'scorers.ts': `import './gone.ts';` },
      {
        'scorers.ts': `import 'typed';`,
        'node_modules/typed/package.json': '{ "exports": "./index.ts" }',
        'node_modules/typed/index.ts': 'export const a: number = 1;',
      },
      { 'scorers.ts': `${GOOD} export const later = () => import('./gone.ts');` },
    ]);
    expect(refusals).toEqual([
      null,
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts cannot be parsed: Expression expected (at FOLDER/scorers.ts:1)',
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts cannot be parsed: Expression expected (at FOLDER/inner.ts:2)',
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts uses TypeScript that is more than types: TypeScript enum is not supported in strip-only mode (at FOLDER/scorers.ts:1); Node runs TypeScript by leaving the types out',
      "CONFIG_INVALID ASSAY_SCORERS: scorers.ts cannot be parsed: The requested module './inner.ts' does not provide an export named 'gone' (at FOLDER/scorers.ts:1)",
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts throws when it is imported: TypeError: no key (at FOLDER/scorers.ts:2)',
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts throws when it is imported: no key',
      "CONFIG_INVALID ASSAY_SCORERS: scorers.ts imports what is not there: Cannot find package 'no-such-package' imported from FOLDER/scorers.ts; install the package where the file lies, or correct the path (with its extension)",
      "CONFIG_INVALID ASSAY_SCORERS: scorers.ts imports what is not there: Cannot find module 'FOLDER/gone.ts' imported from FOLDER/scorers.ts; install the package where the file lies, or correct the path (with its extension)",
      'CONFIG_INVALID ASSAY_SCORERS: scorers.ts imports TypeScript below node_modules, where Node does not run it: Stripping types is currently unsupported for files under node_modules, for "FOLDER/node_modules/typed/index.ts"; the package must publish JavaScript',
      "CONFIG_INVALID ASSAY_SCORERS: scorers.ts imports './gone.ts', which cannot be found (the import is in FOLDER/scorers.ts)",
    ]);
  });

  it('loads JavaScript below node_modules and refuses TypeScript there', async () => {
    const javaScript = GOOD.replace(': { outputs?: unknown }', '');
    const js = 'node_modules/acme/scorers.js';
    const ts = 'node_modules/acme/scorers.ts';
    expect(await refusalsOf([{ [js]: javaScript }], [js])).toEqual([null]);
    expect(await refusalsOf([{ [ts]: GOOD }], [ts])).toEqual([
      `CONFIG_INVALID ASSAY_SCORERS: ${ts} is TypeScript below node_modules, where Node does not run it; name a file outside node_modules, or one of JavaScript`,
    ]);
  });
});
