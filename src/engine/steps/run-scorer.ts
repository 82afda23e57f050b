import type { Returned } from '@assay/sdk';
import { toPickResult } from '../../core/feedback/to-pick-result.ts';
import type { Pick, PickResult } from '../../core/result.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Observer } from '../../ports/observer.ts';
import type { ArchivedArrival } from '../arrival.ts';
import { callScorer } from '../call-scorer.ts';
import type { ConfigInForce } from '../config-in-force.ts';
import type { PartitionScope } from '../partition-scope.ts';
import { toScorerRef } from '../scorer-ref.ts';
import { Slots } from '../slots.ts';

export interface ScorerLimits {
  /** Per call, unless the scorer says otherwise. */
  readonly timeoutMs: number;
  /** Calls at once per scorer, unless the scorer says otherwise. */
  readonly concurrency: number;
}

/** Step 4: the call itself. Whatever the scorer does, exactly one result comes out. */
export function createScoreStep(
  ports: { readonly clock: Clock; readonly observer: Observer },
  limits: ScorerLimits,
): (pick: Pick, arrival: ArchivedArrival, scope: PartitionScope) => Promise<PickResult> {
  const { clock, observer } = ports;
  return async (pick, arrival, scope) => {
    const { position } = pick;
    await scope.confirmClaim();
    const loaded = arrival.config.scorer(pick.experimentId, pick.scorer.name)?.loaded;
    const startedAtMs = clock.now();
    const returned: Returned =
      loaded === undefined
        ? { kind: 'error', error: 'the scorer is not loaded on this instance' }
        : await callScorer(loaded, arrival.trace, {
            clock,
            timeoutMs: limits.timeoutMs,
            signal: scope.signal,
          });
    const createdAtMs = clock.now();
    const scoringMs = createdAtMs - startedAtMs;
    observer.report({ kind: 'scorer_called', position, scorer: toScorerRef(pick), scoringMs });
    return toPickResult({ pick, returned, createdAtMs });
  };
}

/** Places per scorer: they outlive versions and revisions, so a change never doubles the calls at once. */
export function createScorerSlots(
  ports: { readonly config: () => ConfigInForce },
  limits: ScorerLimits,
): <T>(pick: Pick, scope: PartitionScope, work: () => Promise<T>) => Promise<T | 'not_running'> {
  const slots = new Map<string, Slots>();
  return (pick, scope, work) => {
    const { experimentId, scorer } = pick;
    const id = JSON.stringify([experimentId, scorer.name]);
    const size =
      ports.config().scorer(experimentId, scorer.name)?.loaded?.concurrency ?? limits.concurrency;
    const place = slots.get(id) ?? new Slots(size);
    slots.set(id, place);
    return place.use(scope.signal, async () => {
      // The version and the rate are the pick's; but a scorer that was stopped while the pick waited is not called.
      const now = ports.config().scorer(experimentId, scorer.name);
      return now?.running === true ? work() : 'not_running';
    });
  };
}
