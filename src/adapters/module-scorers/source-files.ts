import { readFile, realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, isAbsolute, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readImports } from './read-imports.ts';
import { ScorerFileError } from './scorer-file-error.ts';

/** One file of a scorer's code. */
interface SourceFile {
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly content: Buffer;
}

const CODE_EXTENSIONS: ReadonlySet<string> = new Set([
  '.ts',
  '.mts',
  '.cts',
  '.js',
  '.mjs',
  '.cjs',
]);

/**
 * The entry file and all it imports outside node_modules, directly or not: static imports, re-exports
 * and dynamic imports of literal paths; in no order. Packages are left out, since the lock file tells
 * their content; a workspace package is a package. What `require` loads is left out too. Throws a
 * ScorerFileError that names file and import where a path leads nowhere.
 */
export async function readSourceFiles(entry: string): Promise<readonly SourceFile[]> {
  const files = new Map<string, SourceFile>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const content = await readFile(path);
    files.set(path, { path, content });
    if (!CODE_EXTENSIONS.has(extname(path))) continue;
    for (const specifier of await readImports(content.toString('utf8'), path)) {
      const target = await resolveFile(specifier, path);
      if (target !== undefined && !isInPackage(target)) waiting.push(target);
    }
  }
  return [...files.values()];
}

/** Whether a path lies in a package that a package manager put there. */
export function isInPackage(path: string): boolean {
  return path.includes(`${sep}node_modules${sep}`);
}

/** undefined for packages and for what Node itself provides. */
async function resolveFile(specifier: string, importer: string): Promise<string | undefined> {
  try {
    const url = urlOf(specifier, importer);
    return url && (await realpath(fileURLToPath(url)));
  } catch (cause) {
    throw new ScorerFileError(
      `imports '${specifier}', which cannot be found (the import is in ${importer})`,
      { cause },
    );
  }
}

function urlOf(specifier: string, importer: string): URL | undefined {
  if (/^(?:\.{0,2}\/|file:)/.test(specifier)) {
    return new URL(specifier, pathToFileURL(importer));
  }
  // An entry of "imports" in the nearest package.json.
  if (specifier.startsWith('#')) {
    const path = createRequire(importer).resolve(specifier);
    return isAbsolute(path) ? pathToFileURL(path) : undefined;
  }
  return undefined;
}
