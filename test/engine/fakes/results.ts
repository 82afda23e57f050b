import { createHash } from 'node:crypto';
import type { Pick, PickResult, ResultFeedback } from '../../../src/core/result.ts';
import { RECORD_TIME_MS } from './records.ts';

export interface ResultOptions {
  readonly offset?: number;
  readonly pick?: Partial<Pick>;
  readonly result?: Partial<Omit<PickResult, 'pick'>>;
}

/** The result of scorer `safety` for the record at an offset of traces/3. */
export function pickResult({ offset = 5, pick, result }: ResultOptions = {}): PickResult {
  const traceId = `tr-${offset.toString(16).padStart(32, '0')}`;
  return {
    pick: {
      key: createHash('sha256').update(traceId).digest('hex').slice(0, 32),
      experimentId: '0',
      traceId,
      scorer: { name: 'safety', version: 1, revision: 1, kind: 'module', sampleRate: 1 },
      samplePosition: 0.25,
      position: { topic: 'traces', partition: 3, offset },
      recordTimestampMs: RECORD_TIME_MS,
      cause: { kind: 'live' },
      ...pick,
    },
    outcome: 'scored',
    reason: null,
    feedback: [feedbackOf(`a-${offset}`)],
    createdAtMs: Number(RECORD_TIME_MS),
    ...result,
  };
}

export function feedbackOf(
  feedbackId: string,
  fields: Partial<ResultFeedback> = {},
): ResultFeedback {
  return {
    feedbackId,
    name: 'safety',
    value: 'yes',
    error: null,
    rationale: null,
    source: { type: 'CODE', id: 'safety' },
    spanId: null,
    metadata: {},
    ...fields,
  };
}
