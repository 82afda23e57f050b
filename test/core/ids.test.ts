import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentHash, feedbackId, pickKey } from '../../src/core/ids.ts';

const pick = { experimentId: '0', canonicalTraceId: 'tr-1', scorer: 'safety', version: 3 };

function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

describe('pickKey', () => {
  it('is the first 16 bytes of SHA-256 over a JSON array, as any language can repeat it', () => {
    expect(pickKey(pick)).toBe(sha256Hex('["0","tr-1","safety",3]').slice(0, 32));
    expect(pickKey({ ...pick, scorer: 'höflich' })).toBe(
      sha256Hex('["0","tr-1","höflich",3]').slice(0, 32),
    );
  });

  it('never changes: ledgers hold it', () => {
    expect(pickKey(pick)).toBe('136e253e0ccc36beeb0201d946f67fbb');
  });

  it('differs when any part differs, also where the parts joined are the same', () => {
    const others = [
      { ...pick, experimentId: '1' },
      { ...pick, canonicalTraceId: 'tr-2' },
      { ...pick, scorer: 'Safety' },
      { ...pick, version: 4 },
      { ...pick, canonicalTraceId: 'tr-1","safety', scorer: '' },
      { ...pick, experimentId: '0tr-1', canonicalTraceId: '' },
    ];
    expect(new Set([pick, ...others].map(pickKey)).size).toBe(7);
  });
});

describe('feedbackId', () => {
  const feedback = { pickKey: pickKey(pick), name: 'safety', spanId: null, ordinal: 0 };

  it('never changes: events hold it', () => {
    expect(feedbackId(feedback)).toBe('a-6b66c5587e2255b577eb399582e1f269');
    expect(feedbackId(feedback)).toMatch(/^a-[0-9a-f]{32}$/);
  });

  it('differs by pick, name, span and ordinal', () => {
    const others = [
      { ...feedback, pickKey: pickKey({ ...pick, version: 4 }) },
      { ...feedback, name: 'tone' },
      { ...feedback, spanId: 'null' },
      { ...feedback, spanId: '' },
      { ...feedback, ordinal: 1 },
    ];
    expect(new Set([feedback, ...others].map(feedbackId)).size).toBe(6);
  });
});

describe('contentHash', () => {
  it('is SHA-256 over JSON with sorted keys and without spaces', () => {
    const definition = {
      kind: 'builtin',
      config: { b: [1, { d: null, c: 'é' }], a: true },
    } as const;
    expect(contentHash(definition)).toBe(
      sha256Hex('{"config":{"a":true,"b":[1,{"c":"é","d":null}]},"kind":"builtin"}'),
    );
  });

  it('sorts keys by code units, not by language or as numbers', () => {
    const definition = { kind: 'code', é: 1, z: 2, Z: 3, 10: 4, 9: 5 } as const;
    expect(contentHash(definition)).toBe(
      sha256Hex('{"10":4,"9":5,"Z":3,"kind":"code","z":2,"é":1}'),
    );
  });

  it('is the same for the same JSON in another order, and after it went through JSON', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const definition = { ...fields, kind: 'code' } as const;
        const reversed = { kind: 'code', ...Object.fromEntries(Object.entries(fields).reverse()) };
        const hash = contentHash(definition);
        expect(hash).toMatch(/^[0-9a-f]{64}$/);
        expect(contentHash({ ...reversed, kind: 'code' })).toBe(hash);
        expect(contentHash(JSON.parse(JSON.stringify(definition)) as typeof definition)).toBe(hash);
      }),
    );
  });

  it('differs when a value or the order of a list differs', () => {
    const hashes = [[1, 2], [2, 1], [12], ['1', '2'], [[1], 2], null].map((config) =>
      contentHash({ kind: 'code', config }),
    );
    expect(new Set(hashes).size).toBe(6);
  });
});
