import type { Json } from '@assay/sdk';

export type ScorerKind = 'module' | 'builtin' | 'code' | 'judge';
export type ScorerStatus = 'registered' | 'active' | 'stopped' | 'deleted';

/**
 * What a version is, closed: nothing outside it may change what the scorer says. `kind` is the
 * runtime that can run it; the other fields are that runtime's own (JSON, no secrets).
 */
export interface ScorerDefinition {
  readonly kind: ScorerKind;
  readonly [field: string]: Json;
}

/** A version is an identity: its number is never used again, its content never changes. */
export interface ScorerVersion {
  readonly version: number;
  readonly definition: ScorerDefinition;
  /** SHA-256 over the canonical JSON of the definition, 64 hex digits. */
  readonly contentHash: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

/** A scorer of one experiment at one revision. Immutable: every operation makes another one. */
export interface ScorerState {
  readonly experimentId: string;
  readonly name: string;
  readonly kind: ScorerKind;
  readonly status: ScorerStatus;
  /** The version in force. */
  readonly version: number;
  /** All versions since the scorer was last registered anew, oldest first. */
  readonly versions: readonly ScorerVersion[];
  /** The highest number ever given to this name, also before a deletion. */
  readonly lastVersion: number;
  /** null until started for the first time; 0 when stopped. */
  readonly sampleRate: number | null;
  readonly filterString: string | null;
  /** Whether it judges traces of evaluation runs too. */
  readonly includeEvaluationRuns: boolean;
  /** The configuration revision that made this state: one counter for the whole installation. */
  readonly revision: number;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

/** One entry of a scorer's history: who changed what, when. */
export interface ScorerRevision {
  readonly revision: number;
  readonly operation: 'register' | 'start' | 'update' | 'stop' | 'delete' | 'load';
  readonly status: ScorerStatus;
  readonly version: number;
  readonly sampleRate: number | null;
  readonly filterString: string | null;
  readonly includeEvaluationRuns: boolean;
  readonly changedAtMs: number;
  readonly changedBy: string;
}

/** The whole configuration as of one revision; instances poll the number and load this when it moves. */
export interface ConfigSnapshot {
  readonly revision: number;
  /** Deleted scorers are left out. */
  readonly scorers: readonly ScorerState[];
  /** Experiments that say for themselves whether they are archived; others follow the service's default. */
  readonly archived: ReadonlyMap<string, boolean>;
}
