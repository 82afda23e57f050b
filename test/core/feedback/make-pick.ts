import type { Pick, PickedScorer } from '../../../src/core/result.ts';

export const CREATED_AT_MS = Date.UTC(2026, 10, 21, 20, 14);

export function makePick(pick: Partial<Pick> = {}, scorer: Partial<PickedScorer> = {}): Pick {
  return {
    key: '136e253e0ccc36beeb0201d946f67fbb',
    experimentId: '0',
    traceId: 'tr-1234567890abcdef1234567890abcdef',
    samplePosition: 0.1374,
    position: { topic: 'traces', partition: 2, offset: 10_482 },
    recordTimestampMs: 1_700_000_000_000n,
    cause: { kind: 'live' },
    ...pick,
    scorer: {
      name: 'safety',
      version: 3,
      revision: 7,
      kind: 'module',
      sampleRate: 0.2,
      ...scorer,
    },
  };
}
