import type { PickEnd } from '../../core/decisions.ts';
import type { Observer } from '../../ports/observer.ts';
import type { PipelineSteps } from '../pipeline.ts';
import { toScorerRef } from '../scorer-ref.ts';

/** Tells how picks end, each exactly once. A dropped one is picked anew by whoever owns the partition next. */
export function createEndSteps(ports: {
  readonly observer: Observer;
}): Pick<PipelineSteps, 'ended' | 'dropped'> {
  const { observer } = ports;
  return {
    ended(pick, end) {
      const { position, key: pickKey } = pick;
      const kind: PickEnd = typeof end === 'string' ? end : end.outcome;
      observer.report({
        kind: 'pick_ended',
        position,
        scorer: toScorerRef(pick),
        pickKey,
        end: kind,
      });
    },
    dropped(pick) {
      const { position, key: pickKey } = pick;
      observer.report({ kind: 'pick_dropped', position, scorer: toScorerRef(pick), pickKey });
    },
  };
}
