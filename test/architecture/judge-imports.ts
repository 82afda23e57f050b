import { posix } from 'node:path';
import { IMPORTS_AT_RUN_TIME, LAYERS, type Layer, PACKAGE_ENTRIES } from './layers.ts';
import type { Import } from './read-imports.ts';

/** One line per import of a file that its layer does not allow. */
export function judgeImports(file: string, imports: readonly Import[]): readonly string[] {
  const layer = layerOf(file);
  if (layer === undefined) return [`${file} is in no layer`];
  return imports.flatMap((one) => {
    const problem = judge(file, layer, one);
    return problem === undefined ? [] : [`${file} → ${one.specifier ?? '(computed)'}: ${problem}`];
  });
}

export function layerOf(file: string): Layer | undefined {
  return LAYERS.filter(({ path }) => file === path || file.startsWith(`${path}/`))
    .toSorted((a, b) => b.path.length - a.path.length)
    .at(0);
}

/** The file that a relative import leads to; undefined for packages. */
export function targetOf(file: string, { specifier }: Import): string | undefined {
  if (specifier === undefined || !specifier.startsWith('.')) return undefined;
  return posix.join(posix.dirname(file), specifier);
}

function judge(file: string, layer: Layer, one: Import): string | undefined {
  if (one.kind === 're-export' && !PACKAGE_ENTRIES.includes(file)) return 'a barrel';
  if (one.specifier === undefined) {
    return IMPORTS_AT_RUN_TIME.includes(file) ? undefined : 'a computed import';
  }
  const target = targetOf(file, one);
  return target === undefined ? judgePackage(layer, one.specifier) : judgeFile(layer, target, one);
}

function judgePackage({ path, packages }: Layer, specifier: string): string | undefined {
  const name = specifier.startsWith('node:') ? 'node:' : packageName(specifier);
  return packages.includes(name) ? undefined : `${path} may not import ${name}`;
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

function judgeFile(layer: Layer, target: string, { kind }: Import): string | undefined {
  const other = layerOf(target);
  if (other === undefined) return 'leads to no layer';
  if (other === layer || isAllowed(layer.mayImport, other)) return undefined;
  if (isAllowed(layer.mayImportTypes ?? [], other)) {
    return kind === 'type' ? undefined : `${layer.path} may import only types of ${other.path}`;
  }
  return `${layer.path} may not import ${other.path}`;
}

function isAllowed(allowed: readonly string[], { path }: Layer): boolean {
  return allowed.some((each) => path === each || path.startsWith(`${each}/`));
}
