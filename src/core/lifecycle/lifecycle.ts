import { AssayError } from '../errors.ts';
import { toFilterInvalid } from '../filter/parse/filter-invalid.ts';
import { parseFilter } from '../filter/parse/parse-filter.ts';
import { contentHash } from '../ids.ts';
import {
  inForce,
  requireNewDefinition,
  requireRoom,
  requireScorer,
  type ScorerTarget,
} from './lifecycle-checks.ts';
import { requireSampleRate } from './sample-rate.ts';
import type { ScorerChange, ScorerContext } from './scorer-change.ts';
import { requireScorerName } from './scorer-name.ts';
import type { ScorerDefinition, ScorerState } from '../scorer-state.ts';

/**
 * What each operation makes of a scorer. Pure: the store gives the context under a lock and writes the change.
 *
 *                        start, update (rate > 0)          stop, update (rate 0)
 *    ─ register ─► registered ─────────────────► active ◄───────────────────► stopped
 *                      │                           │                              │
 *                      └────────────── delete ─────┴──────────────────────────────┘
 *                                         │
 *                                         ▼
 *                                      deleted ─ register: anew, with the next version number
 *
 * The status follows from the rate: none yet → registered, above 0 → active, 0 → stopped; so a stop before the first
 * start leads to stopped too. Where an operation leaves everything as it is, the decision is undefined and no
 * revision is written.
 */

export interface RegisterDecision extends ScorerTarget {
  readonly definition: ScorerDefinition;
  /** How many scorers an experiment may have, registered and not deleted. */
  readonly maxScorers: number;
}

export interface SamplingDecision extends ScorerTarget {
  /** 0.0 to 1.0. */
  readonly sampleRate?: number;
  /** null or the empty string: no filter. */
  readonly filterString?: string | null;
  readonly includeEvaluationRuns?: boolean;
  /** The version to put in force; the one in force stays where absent. */
  readonly version?: number;
}

type Next = ScorerChange['next'];

/** Of a scorer that has no sampling configuration yet, or none any more. */
const UNSTARTED = {
  status: 'registered',
  sampleRate: null,
  filterString: null,
  includeEvaluationRuns: false,
} as const satisfies Partial<Next>;

/**
 * Registers a scorer, or the next version of one. A new version takes over at once, with the running sampling
 * configuration. It may be of another kind: the kind is part of a version, so that a rule can become a judge
 * under the name that dashboards know.
 */
export function decideRegister(
  { current, registered }: ScorerContext,
  { experimentId, name, definition, maxScorers }: RegisterDecision,
): ScorerChange {
  requireScorerName(name);
  const hash = contentHash(definition);
  if (current !== null && current.status !== 'deleted') {
    requireNewDefinition(current, hash);
    return newVersion(current, { operation: 'register', definition, hash });
  }
  requireRoom(experimentId, { registered, maxScorers });
  const version = (current?.lastVersion ?? 0) + 1;
  return {
    operation: 'register',
    next: {
      experimentId,
      name,
      kind: definition.kind,
      version,
      lastVersion: version,
      ...UNSTARTED,
    },
    newVersion: { version, definition, contentHash: hash },
    ...(current !== null && { anew: true }),
  };
}

/** Starts a scorer, or replaces the sampling configuration of a running one: what is not given is the default. */
export function decideStart(
  context: ScorerContext,
  {
    sampleRate = 1,
    filterString = null,
    includeEvaluationRuns = false,
    version,
    ...target
  }: SamplingDecision,
): ScorerChange | undefined {
  const current = requireScorer(context, target);
  requireSampleRate(sampleRate);
  if (sampleRate === 0) {
    throw new AssayError(
      'SAMPLE_RATE_INVALID',
      `scorer '${target.name}' cannot be started with sample rate 0: expected a number above 0.0, up to 1.0; to stop it, use stop`,
      { context: { field: 'sample_rate' } },
    );
  }
  return change(current, 'start', {
    ...inForce(current, version),
    ...toSampling(sampleRate),
    filterString: checkFilter(filterString),
    includeEvaluationRuns,
  });
}

/** Changes what is given and keeps the rest. Rate 0 stops the scorer, a rate above 0 starts it. */
export function decideUpdate(
  context: ScorerContext,
  { sampleRate, filterString, includeEvaluationRuns, version, ...target }: SamplingDecision,
): ScorerChange | undefined {
  const current = requireScorer(context, target);
  if (sampleRate !== undefined) requireSampleRate(sampleRate);
  const filter = filterString === undefined ? current.filterString : checkFilter(filterString);
  return change(current, 'update', {
    ...inForce(current, version),
    ...toSampling(sampleRate ?? current.sampleRate),
    filterString: filter,
    ...(includeEvaluationRuns !== undefined && { includeEvaluationRuns }),
  });
}

/** Stops a scorer; registration and filter stay. One that was never started is stopped too; a stopped one stays as it is. */
export function decideStop(context: ScorerContext, target: ScorerTarget): ScorerChange | undefined {
  const current = requireScorer(context, target);
  return change(current, 'stop', toSampling(0));
}

/** Deletes a scorer. A tombstone stays, so that no version number is given twice. */
export function decideDelete(context: ScorerContext, target: ScorerTarget): ScorerChange {
  const current = requireScorer(context, target);
  const { experimentId, name, kind, version, lastVersion } = current;
  const identity = { experimentId, name, kind, version, lastVersion };
  return {
    operation: 'delete',
    next: { ...identity, ...UNSTARTED, status: 'deleted' },
  };
}

/**
 * An instance has loaded code that is not among the versions: it becomes the next one, with the running sampling
 * configuration. undefined when another instance was faster, or the scorer was deleted or became another kind.
 */
export function decideLoad(
  { current }: ScorerContext,
  { definition }: ScorerTarget & { readonly definition: ScorerDefinition },
): ScorerChange | undefined {
  if (current === null || current.status === 'deleted') return undefined;
  if (current.kind !== definition.kind) return undefined;
  const hash = contentHash(definition);
  if (current.versions.some((version) => version.contentHash === hash)) return undefined;
  return newVersion(current, { operation: 'load', definition, hash });
}

function newVersion(
  current: ScorerState,
  added: {
    readonly operation: 'register' | 'load';
    readonly definition: ScorerDefinition;
    readonly hash: string;
  },
): ScorerChange {
  const { operation, definition, hash } = added;
  const version = current.lastVersion + 1;
  return {
    operation,
    next: { ...toNext(current), kind: definition.kind, version, lastVersion: version },
    newVersion: { version, definition, contentHash: hash },
  };
}

/** The change to a next state, or undefined where that is the current one. */
function change(
  current: ScorerState,
  operation: ScorerChange['operation'],
  changed: Partial<Next>,
): ScorerChange | undefined {
  const before = toNext(current);
  const next = { ...before, ...changed };
  const isSame =
    next.status === before.status &&
    next.version === before.version &&
    next.sampleRate === before.sampleRate &&
    next.filterString === before.filterString &&
    next.includeEvaluationRuns === before.includeEvaluationRuns;
  return isSame ? undefined : { operation, next };
}

function toSampling(sampleRate: number | null): Pick<Next, 'status' | 'sampleRate'> {
  if (sampleRate === null) return { status: 'registered', sampleRate };
  // Adding 0 makes -0, which is a valid rate, an ordinary zero.
  const rate = sampleRate + 0;
  return { status: rate === 0 ? 'stopped' : 'active', sampleRate: rate };
}

function toNext(state: ScorerState): Next {
  const { revision: _revision, updatedAtMs: _at, updatedBy: _by, versions: _all, ...next } = state;
  return next;
}

function checkFilter(filterString: string | null): string | null {
  if (filterString === null || filterString === '') return null;
  const parsed = parseFilter(filterString);
  if (!parsed.ok) throw toFilterInvalid(filterString, parsed.error);
  return filterString;
}
