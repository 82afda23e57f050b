import { contentHash } from '../../../src/core/ids.ts';
import type {
  ConfigSnapshot,
  ScorerDefinition,
  ScorerState,
  ScorerVersion,
} from '../../../src/core/scorer-state.ts';

export const module = (code: string): ScorerDefinition => ({ kind: 'module', code });

/** Versions 1, 2, … of these definitions. */
export function versionsOf(definitions: readonly ScorerDefinition[]): readonly ScorerVersion[] {
  return definitions.map((definition, index) => ({
    version: index + 1,
    definition,
    contentHash: contentHash(definition),
    createdAtMs: 0,
    createdBy: 'test',
  }));
}

/** An active module scorer of experiment 0 with one version. */
export function scorerState(fields: Partial<ScorerState> = {}): ScorerState {
  const versions = fields.versions ?? versionsOf([module('a')]);
  return {
    experimentId: '0',
    name: 'safety',
    kind: 'module',
    status: 'active',
    version: versions.length,
    versions,
    lastVersion: versions.length,
    sampleRate: 1,
    filterString: null,
    includeEvaluationRuns: false,
    revision: 1,
    updatedAtMs: 0,
    updatedBy: 'test',
    ...fields,
  };
}

export function snapshotOf(
  scorers: readonly ScorerState[],
  fields: Partial<ConfigSnapshot> = {},
): ConfigSnapshot {
  return { revision: 1, scorers, archived: new Map(), ...fields };
}
