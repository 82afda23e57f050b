import { compileFilter } from '../filter/evaluate/compile-filter.ts';
import type { FilterNode } from '../filter/filter-node.ts';
import { parseFilter } from '../filter/parse/parse-filter.ts';
import type { ScorerRevision, ScorerState } from '../scorer-state.ts';
import type { SelectableScorer } from '../select.ts';

/** A scorer as one revision of the configuration had it. */
export interface ScorerAsOf
  extends Pick<
    ScorerState,
    | 'name'
    | 'status'
    | 'version'
    | 'sampleRate'
    | 'filterString'
    | 'includeEvaluationRuns'
    | 'revision'
  > {
  readonly changedAtMs: number;
  readonly changedBy: string;
  /** Why it cannot run, though it is started; null where nothing is known to be in the way. */
  readonly problem: string | null;
}

/** The scorer as an entry of its history left it. */
export function asOfRevision(name: string, entry: ScorerRevision): ScorerAsOf {
  return { ...entry, name, problem: null };
}

/** The scorer as it is. */
export function asOfNow(state: ScorerState, problem: string | null): ScorerAsOf {
  const { updatedAtMs: changedAtMs, updatedBy: changedBy } = state;
  return { ...state, changedAtMs, changedBy, problem };
}

/** A scorer as selection asks it, and its filter for the evidence. */
export interface Selectable {
  readonly scorer: SelectableScorer;
  /** null where there is none, or it cannot be understood. */
  readonly filter: FilterNode | null;
  /** Why it does not run; null where it does. */
  readonly idle: string | null;
}

/** The same as the engine makes of a scorer for its configuration in force. */
export function toSelectable(scorer: ScorerAsOf): Selectable {
  const { name, filterString } = scorer;
  const parsed = filterString === null ? null : parseFilter(filterString);
  const filter = parsed?.ok === true ? parsed.filter : null;
  const idle = whyIdle(scorer, parsed?.ok !== false);
  return {
    scorer: {
      name,
      running: idle === null,
      sampleRate: scorer.sampleRate ?? 0,
      includeEvaluationRuns: scorer.includeEvaluationRuns,
      matches: filter === null ? () => true : compileFilter(filter),
    },
    filter,
    idle,
  };
}

function whyIdle(scorer: ScorerAsOf, understood: boolean): string | null {
  switch (scorer.status) {
    case 'registered':
      return 'it was not started';
    case 'stopped':
      return `it was stopped (${changeOf(scorer)})`;
    case 'deleted':
      return `it was deleted (${changeOf(scorer)})`;
    case 'active':
      if (understood) return scorer.problem;
      return 'its filter string is not understood by this version of Assay; update the filter';
  }
}

/** `revision 7, 2026-11-21T20:14:00.000Z, by ann` */
export function changeOf(
  change: Pick<ScorerAsOf, 'revision' | 'changedAtMs' | 'changedBy'>,
): string {
  const at = new Date(change.changedAtMs).toISOString();
  return `revision ${change.revision}, ${at}, by ${change.changedBy}`;
}
