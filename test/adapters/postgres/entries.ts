import { createHash } from 'node:crypto';
import type { ArchiveRow } from '../../../src/core/archive-row.ts';
import type { Claim } from '../../../src/core/claim.ts';
import type { Pick, PickResult, ResultFeedback } from '../../../src/core/result.ts';
import type { ArchiveEntry } from '../../../src/ports/archive.ts';

/** 2026-11-21T20:14:00Z */
export const NOW_MS = Date.UTC(2026, 10, 21, 20, 14);

export interface EntryOptions {
  readonly offset: number;
  /** As it is read back. */
  readonly row?: Partial<ArchiveRow>;
}

/** An archive entry at an offset of the claimed partition. */
export function archiveEntry(claim: Claim, { offset, row }: EntryOptions): ArchiveEntry {
  const { topic, partition } = claim;
  const traceId = `tr-${offset.toString(16).padStart(32, '0')}`;
  const { body = `{"info":{"trace_id":"${traceId}"}}`, ...columns } = row ?? {};
  return {
    claim,
    row: {
      position: { topic, partition, offset },
      recordTimestampMs: BigInt(NOW_MS),
      traceId,
      canonicalTraceId: traceId,
      experimentId: '0',
      name: 'chat',
      state: 'OK',
      requestTimeMs: NOW_MS - 1_500,
      executionDurationMs: 1_234.5,
      sessionId: 's-1',
      userId: null,
      tags: { env: 'prod' },
      metadata: { 'mlflow.trace.session': 's-1' },
      samplePosition: 0.1374,
      configRevision: 7,
      ...columns,
      body: new TextEncoder().encode(body),
    },
  };
}

/** The row of an entry as it is read back. */
export function storedRow({ row }: ArchiveEntry): ArchiveRow {
  return { ...row, body: new TextDecoder().decode(row.body) };
}

export interface ResultOptions {
  readonly pick?: Partial<Pick>;
  readonly result?: Partial<Omit<PickResult, 'pick'>>;
}

/** The result of a scorer for the trace at offset 5 of traces/0, unless said otherwise. */
export function pickResult({ pick, result }: ResultOptions = {}): PickResult {
  return {
    pick: {
      key: pickKey('one'),
      experimentId: '0',
      traceId: 'tr-0123456789abcdef0123456789abcdef',
      scorer: { name: 'safety', version: 3, revision: 7, kind: 'module', sampleRate: 0.2 },
      samplePosition: 0.1374,
      position: { topic: 'traces', partition: 0, offset: 5 },
      recordTimestampMs: BigInt(NOW_MS),
      cause: { kind: 'live' },
      ...pick,
    },
    outcome: 'scored',
    reason: null,
    feedback: [feedback()],
    createdAtMs: NOW_MS,
    ...result,
  };
}

export function feedback(fields: Partial<ResultFeedback> = {}): ResultFeedback {
  return {
    feedbackId: 'a-1',
    name: 'safety',
    value: 'yes',
    error: null,
    rationale: 'fine',
    source: { type: 'CODE', id: 'safety' },
    spanId: null,
    metadata: {},
    ...fields,
  };
}

/** A key of 32 hex digits, the same for the same text. */
export function pickKey(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** As text that shows every difference: order of keys, bigints, the last bit of a number. */
export function exactText(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? `${inner}n` : inner,
  );
}
