import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { InnerModule } from './child/protocol.ts';

const SDK = '@assay/sdk';
const IMPORT = /^(?:import|export)\s(?:([^;'"]*?)\sfrom\s)?\s*'([^']+)'/gm;

/**
 * The modules that run inside an isolate: isolate/call-scorer.ts with all it imports, types stripped, imported
 * ones first. Of the SDK's entry only those exports that are asked for.
 */
export function readInnerModules(): readonly InnerModule[] {
  const sdkEntry = pathToFileURL(createRequire(import.meta.url).resolve(SDK));
  const exporters = readExporters(sdkEntry);
  const modules = new Map<string, InnerModule>();

  function add(file: URL): string {
    const id = fileURLToPath(file);
    if (modules.has(id)) return id;
    const code = stripTypeScriptTypes(readFileSync(file, 'utf8'));
    const imports: Record<string, string> = {};
    let linked = code;
    for (const [statement, clause = '', specifier = ''] of code.matchAll(IMPORT)) {
      if (specifier === SDK) {
        const names = namesOf(clause);
        const lines = names.map((name) => {
          const from = exporters.get(name);
          if (from === undefined) throw new Error(`${SDK} has no ${name}`);
          imports[from.href] = add(from);
          return `import { ${name} } from '${from.href}';`;
        });
        // On one line, as much as it may hold of them: positions do not matter here.
        linked = linked.replace(`${statement};`, lines.join(' '));
      } else {
        imports[specifier] = add(new URL(specifier, file));
      }
    }
    modules.set(id, { id: shortName(id), code: linked, imports });
    return id;
  }

  add(new URL('./isolate/call-scorer.ts', import.meta.url));
  return [...modules.values()].map((module) => ({
    ...module,
    imports: Object.fromEntries(
      Object.entries(module.imports).map(([specifier, id]) => [specifier, shortName(id)]),
    ),
  }));
}

/** Stack traces need no path of this machine. */
function shortName(file: string): string {
  return file.split(/[/\\]/).slice(-3).join('/');
}

/** Where each name that the SDK's entry exports comes from. */
function readExporters(entry: URL): ReadonlyMap<string, URL> {
  const code = stripTypeScriptTypes(readFileSync(entry, 'utf8'));
  return new Map(
    [...code.matchAll(IMPORT)].flatMap(([, clause = '', specifier = '']) =>
      namesOf(clause).map((name) => [name, new URL(specifier, entry)] as const),
    ),
  );
}

/** `{ a, b }` → a, b. */
function namesOf(clause: string): readonly string[] {
  return clause
    .replace(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
