import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/core/record.ts';
import { samplePosition } from '../../../src/core/sample.ts';
import { createDecodeStep } from '../../../src/engine/steps/decode-record.ts';
import { configOf, scorerInForce } from '../fakes/configs.ts';
import { PARTITION } from '../fakes/processor-harness.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { traceJson, traceRecord } from '../fakes/traces.ts';

function decode(record: TraceRecord, options: { readonly maxTraceBytes?: number } = {}) {
  const observer = createRecordingObserver();
  const config = configOf([scorerInForce(), scorerInForce({ name: 'tone' })]);
  const step = createDecodeStep(
    { observer, config: () => config },
    { maxTraceBytes: options.maxTraceBytes ?? 1e6, samplingCohort: 'blue' },
  );
  return { observer, config, decoded: step(record) };
}

describe('decoding a record', () => {
  it('keeps all that the steps decide on', () => {
    const bare = '0123456789ABCDEF0123456789ABCDEF';
    const record = traceRecord(PARTITION, 5, { traceId: bare });
    const { observer, config, decoded } = decode(record);
    const canonicalTraceId = `tr-${bare.toLowerCase()}`;
    expect(decoded).toMatchObject({
      kind: 'trace',
      arrival: {
        position: record.position,
        recordTimestampMs: record.timestampMs,
        canonicalTraceId,
        experimentId: '0',
        samplePosition: samplePosition(canonicalTraceId, 'blue'),
        ineligible: undefined,
        config,
      },
    });
    expect(observer.events).toEqual([
      {
        kind: 'record_received',
        position: record.position,
        bytes: record.value?.length,
      },
      {
        kind: 'decoded',
        position: record.position,
        experimentId: '0',
        traceId: bare,
        scorersInForce: 2,
      },
    ]);
  });

  it('makes a dead letter of a record on which Assay itself fails, and goes on', () => {
    const record = traceRecord(PARTITION, 5);
    const observer = createRecordingObserver();
    // No record is known to do it, so the cohort does: it is no text.
    const samplingCohort = Symbol('broken') as unknown as string;
    const step = createDecodeStep(
      { observer, config: () => configOf([]) },
      { maxTraceBytes: 1e6, samplingCohort },
    );
    expect(step(record)).toMatchObject({
      kind: 'refused',
      letter: { position: record.position, reason: 'INTERNAL', field: null },
    });
    expect(observer.of('dead_lettered')).toMatchObject([{ reason: 'INTERNAL', stage: 'decode' }]);
  });

  it('counts a tombstone, and is done with it', () => {
    const { observer, decoded } = decode({ ...traceRecord(PARTITION, 5), value: null });
    expect(decoded).toEqual({ kind: 'tombstone' });
    expect(observer.events.map(({ kind }) => kind)).toEqual(['record_received', 'tombstone']);
  });

  it('makes a dead letter of what it cannot read, with the record as it was', () => {
    const record: TraceRecord = {
      ...traceRecord(PARTITION, 5),
      value: new TextEncoder().encode('{"info":'),
      headers: [{ key: 'h', value: new Uint8Array([1]) }],
    };
    const { observer, decoded } = decode(record);
    expect(decoded).toMatchObject({
      kind: 'refused',
      letter: {
        reason: 'MALFORMED',
        position: record.position,
        recordTimestampMs: record.timestampMs,
        key: new Uint8Array(record.key ?? []),
        value: record.value,
        headers: record.headers,
      },
    });
    expect(observer.of('dead_lettered')).toMatchObject([{ stage: 'decode', reason: 'MALFORMED' }]);
  });

  it('refuses what is larger than allowed without reading it', () => {
    const { decoded } = decode(traceRecord(PARTITION, 5), { maxTraceBytes: 100 });
    expect(decoded).toMatchObject({ kind: 'refused', letter: { reason: 'TOO_LARGE' } });
  });

  it('keeps copies of key, headers and text, not slices of the whole fetch', () => {
    const fetched = Buffer.alloc(1_000_000);
    const bytes = fetched.write(traceJson({ id: 5 }), 30);
    const record: TraceRecord = {
      ...traceRecord(PARTITION, 5),
      value: fetched.subarray(30, 30 + bytes),
      key: fetched.subarray(10, 20),
      headers: [{ key: 'h', value: fetched.subarray(20, 30) }],
    };
    const { decoded } = decode(record);
    if (decoded.kind !== 'trace') throw new Error(`the record is ${decoded.kind}`);
    expect(decoded.arrival.key?.buffer.byteLength).toBe(10);
    expect(decoded.arrival.headers[0]?.value?.buffer.byteLength).toBe(10);
    expect(decoded.arrival.body.buffer.byteLength).toBe(bytes);
  });
});
