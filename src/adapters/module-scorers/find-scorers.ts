import { type AnyScorer, isScorer, isScorerClass, type ScorerClass } from '@assay/sdk';
import { ScorerFileError } from './scorer-file-error.ts';

/** A scorer that a module exports: one that is ready, or a class that makes one per registration. */
export type FoundScorer =
  | { readonly kind: 'ready'; readonly name: string; readonly scorer: AnyScorer }
  | { readonly kind: 'class'; readonly name: string; readonly scorerClass: ScorerClass };

/**
 * The scorers among the exports of a module, ordered by export name. A class has the name of its instances: its
 * own in snake case. Throws a ScorerFileError when there is none, or two have one name.
 */
export function findScorers(exports: Readonly<Record<string, unknown>>): readonly FoundScorer[] {
  const exportNames = new Map<string, string>();
  const values = new Map<unknown, FoundScorer>();
  // Node lists exports by name, other loaders as they stand in the code.
  for (const exportName of Object.keys(exports).toSorted()) {
    const value = exports[exportName];
    const found = toFoundScorer(value);
    // The same scorer under two export names is one scorer.
    if (found === undefined || values.has(value)) continue;
    const other = exportNames.get(found.name);
    if (other !== undefined) {
      throw new ScorerFileError(
        `has two scorers named '${found.name}', its exports ${other} and ${exportName}; give one of them another name`,
      );
    }
    exportNames.set(found.name, exportName);
    values.set(value, found);
  }
  if (values.size === 0) throw new ScorerFileError(describeLack(Object.keys(exports).toSorted()));
  return [...values.values()];
}

function toFoundScorer(value: unknown): FoundScorer | undefined {
  if (isScorerClass(value)) {
    return { kind: 'class', name: toSnakeCase(value.name), scorerClass: value };
  }
  return isScorer(value) ? { kind: 'ready', name: value.name, scorer: value } : undefined;
}

/** The rule by which `Scorer` names an instance that is given no name. */
function toSnakeCase(className: string): string {
  return className
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1_$2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1_$2')
    .toLowerCase();
}

function describeLack(exportNames: readonly string[]): string {
  const exported =
    exportNames.length === 0 ? 'it exports nothing' : `it exports ${exportNames.join(', ')}`;
  return `exports no scorer (${exported}); export what scorer(…) returns, or a class that extends Scorer`;
}
