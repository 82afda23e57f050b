import type { Pick } from '../core/result.ts';
import type { ScorerRef } from '../ports/observer.ts';

/** The scorer and version of a pick, as telemetry names them. */
export function toScorerRef({ experimentId, scorer }: Pick): ScorerRef {
  return { experimentId, name: scorer.name, version: scorer.version };
}
