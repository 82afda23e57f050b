import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  /** As it is written; undefined when it is not a literal. */
  readonly specifier: string | undefined;
  readonly kind: 'static' | 'dynamic' | 're-export' | 'type';
}

interface Source {
  readonly value: unknown;
}

/** Every import of a TypeScript source: static ones, of types, dynamic ones and re-exports. */
export function readImports(file: string, text: string): readonly Import[] {
  const { program, errors } = parseSync(file, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  const imports: Import[] = [];
  const add = (kind: Import['kind'], source: Source | null) => {
    if (source !== null) imports.push({ kind, specifier: toText(source.value) });
  };
  new Visitor({
    ImportDeclaration: ({ source, importKind, specifiers }) =>
      add(importKind === 'type' || allTypes(specifiers) ? 'type' : 'static', source),
    ExportAllDeclaration: ({ source }) => add('re-export', source),
    ExportNamedDeclaration: ({ source }) => add('re-export', source),
    ImportExpression: ({ source }) =>
      add('dynamic', source.type === 'Literal' ? source : { value: undefined }),
    TSImportType: ({ source }) => add('type', source),
  }).visit(program);
  return imports;
}

function allTypes(
  specifiers: readonly { readonly type: string; readonly importKind?: string }[],
): boolean {
  return specifiers.length > 0 && specifiers.every(({ importKind }) => importKind === 'type');
}

function toText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
