import { createTwoFilesPatch } from 'diff';
import type { ScorerDefinition } from '../scorer-state.ts';

/** A version, as far as a difference needs it. */
export interface ComparedVersion {
  readonly version: number;
  readonly definition: Readonly<Record<string, unknown>>;
}

/**
 * What changed from one version to another as unified text, with the versions as its files: of code scorers the
 * source, of others the definition as JSON. Empty where nothing did.
 */
export function versionDiff(from: ComparedVersion, to: ComparedVersion): string {
  const [before, after] = [textOf(from.definition), textOf(to.definition)];
  if (before === after) return '';
  const patch = createTwoFilesPatch(
    `version ${from.version}`,
    `version ${to.version}`,
    before,
    after,
    undefined,
    undefined,
    { context: 3 },
  );
  // The library begins with a line of signs that says nothing.
  return patch.replace(/^=+\n/, '');
}

/** Settings of a code scorer stand before its source, as they are seldom there. */
function textOf(definition: Readonly<Record<string, unknown>>): string {
  const { kind, source, ...settings } = definition;
  if (kind !== ('code' satisfies ScorerDefinition['kind']) || typeof source !== 'string') {
    return `${JSON.stringify(definition, null, 2)}\n`;
  }
  const lines = Object.entries(settings).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [...lines, source, ''].join('\n');
}
