import { realpath, stat } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeImportError } from './describe-import-error.ts';
import { ScorerFileError } from './scorer-file-error.ts';
import { isInPackage } from './source-files.ts';

/** A scorer file that has been imported. */
export interface ImportedFile {
  /** As the operator wrote it. */
  readonly file: string;
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly exports: Readonly<Record<string, unknown>>;
}

const EXTENSIONS: readonly string[] = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Imports a file of scorers, which runs its code in this process. Throws a ScorerFileError that says
 * what is wrong and what to do.
 */
export async function importScorerFile(
  file: string,
  workingDirectory: string,
): Promise<ImportedFile> {
  const path = await findFile(resolve(workingDirectory, file), workingDirectory);
  const extension = extname(path);
  if (!EXTENSIONS.includes(extension)) {
    throw new ScorerFileError(`is not a module; its name must end in ${EXTENSIONS.join(', ')}`);
  }
  if (extension.endsWith('ts') && isInPackage(path)) {
    throw new ScorerFileError(
      'is TypeScript below node_modules, where Node does not run it; name a file outside node_modules, or one of JavaScript',
    );
  }
  try {
    // A module namespace is an object whose values nobody has looked at.
    const exports = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
    return { file, path, exports };
  } catch (error) {
    throw new ScorerFileError(describeImportError(error), { cause: error });
  }
}

async function findFile(path: string, workingDirectory: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new ScorerFileError(
      `does not exist; paths are relative to the working directory, ${workingDirectory}`,
    );
  }
  if (!found.isFile()) throw new ScorerFileError('is not a file; name the module itself');
  return realpath(path);
}
