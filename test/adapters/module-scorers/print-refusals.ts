import { loadModuleRuntime } from '../../../src/adapters/module-scorers/load-module-runtime.ts';
import { isAssayError } from '../../../src/core/errors.ts';

/**
 * Run under Node itself, since Vitest imports modules in its own way: loads the files of each folder that
 * the arguments name as JSON and prints the refusals as a JSON list, null where there is none.
 */
const folders = JSON.parse(process.argv[2] ?? '[]') as readonly {
  readonly workingDirectory: string;
  readonly files: readonly string[];
}[];
const refusals: unknown[] = [];
for (const folder of folders) {
  try {
    await loadModuleRuntime(folder);
    refusals.push(null);
  } catch (error) {
    if (!isAssayError(error)) throw error;
    refusals.push({ code: error.code, message: error.message });
  }
}
process.stdout.write(JSON.stringify(refusals));
