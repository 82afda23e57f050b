import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as sdk from '@assay/sdk';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What the type checker says of programs that import @assay/sdk; empty when they are in order. */
export async function typeErrors(programs: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-snippets-'));
  try {
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      compilerOptions: {
        noUnusedLocals: false,
        typeRoots: [join(ROOT, 'node_modules/@types')],
        paths: { '@assay/sdk': [join(ROOT, 'packages/sdk/src/index.ts')] },
      },
      include: ['*.ts'],
    };
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    for (const [index, program] of programs.entries()) {
      await writeFile(join(folder, `snippet-${index + 1}.ts`), program);
    }
    await promisify(execFile)(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], {
      cwd: folder,
    });
    return '';
  } catch (error) {
    // tsc writes its findings on standard output and ends with another code than 0.
    const isFinding = error instanceof Error && 'stdout' in error;
    return isFinding ? String(error.stdout) : String(error);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs a program that imports nothing but @assay/sdk; resolves with what it printed, a line for each call. */
export async function runSnippet(program: string): Promise<readonly string[]> {
  const printed: string[] = [];
  const print = { log: (...values: readonly unknown[]) => void printed.push(values.join(' ')) };
  const body = stripTypeScriptTypes(program).replace(
    /^import \{([^}]*)\} from '@assay\/sdk';$/gm,
    (_, names: string) => `const {${names}} = sdk;`,
  );
  // The body of an async function may await, as the top of a module may.
  const run = Reflect.construct(AsyncFunction, ['sdk', 'console', body]) as (
    ...args: readonly unknown[]
  ) => Promise<void>;
  await run(sdk, print);
  return printed;
}

// It has no global name.
const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;
