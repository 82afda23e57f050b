import { type Import, init, parse } from 'es-module-lexer';
import { ScorerFileError } from './scorer-file-error.ts';

/**
 * What a module imports when it runs, by the texts it names: JavaScript or TypeScript. Imports of types
 * alone are gone at run time and not among them, nor are paths put together at run time. Throws a
 * ScorerFileError.
 */
export async function readImports(source: string, path: string): Promise<readonly string[]> {
  await init();
  const [imports] = lex(source, path);
  return imports.map(specifierOf).filter((specifier) => specifier !== undefined);
}

function lex(source: string, path: string): ReturnType<typeof parse> {
  try {
    return parse(source, path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScorerFileError(`cannot be searched for imports: ${reason}`, { cause });
  }
}

function specifierOf(found: Import): string | undefined {
  switch (found.type) {
    case 'import-meta':
      return undefined;
    case 'dynamic':
      return found.glob || found.probablyTypeOnly ? undefined : found.specifier;
    case 'static':
    case 'reexport-star':
      return found.typeOnly ? undefined : found.specifier;
  }
}
