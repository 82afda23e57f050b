import { pickKey } from '../../core/ids.ts';
import type { Pick } from '../../core/result.ts';
import { select } from '../../core/select.ts';
import type { Observer } from '../../ports/observer.ts';
import type { ArchivedArrival } from '../arrival.ts';
import type { ScorerInForce } from '../config-in-force.ts';
import type { PartitionScope } from '../partition-scope.ts';

/** Step 3: which scorers get to see the trace; every other one passes, with its reason. */
export function createSelectStep(ports: {
  readonly observer: Observer;
}): (arrival: ArchivedArrival, scope: PartitionScope) => readonly Pick[] {
  const { observer } = ports;
  return (arrival, scope) => {
    const { position, facts, ineligible, samplePosition } = arrival;
    const record = { offset: position.offset, timestampMs: arrival.recordTimestampMs };
    const republished = scope.republishedFor(record);
    const scorers = arrival.config.scorersOf(arrival.experimentId);
    const { picks, passes } = select({ facts, ineligible, samplePosition, republished }, scorers);
    for (const { scorer, reason } of passes) {
      observer.report({ kind: 'passed', position, scorer: scorer.ref, reason });
    }
    return picks.map((scorer) => {
      const pick = toPick(arrival, scorer);
      observer.report({ kind: 'picked', position, scorer: scorer.ref, pickKey: pick.key });
      return pick;
    });
  };
}

function toPick(arrival: ArchivedArrival, scorer: ScorerInForce): Pick {
  const { experimentId, canonicalTraceId } = arrival;
  const { name, version } = scorer.ref;
  return {
    key: pickKey({ experimentId, canonicalTraceId, scorer: name, version }),
    experimentId,
    traceId: arrival.trace.info.traceId,
    scorer: {
      name,
      version,
      revision: scorer.revision,
      kind: scorer.kind,
      sampleRate: scorer.sampleRate,
    },
    samplePosition: arrival.samplePosition,
    position: arrival.position,
    recordTimestampMs: arrival.recordTimestampMs,
    cause: { kind: 'live' },
  };
}
