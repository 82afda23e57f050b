import { compress, uncompress } from 'snappy';
import { describe, expect, it } from 'vitest';
import { unframeSnappy } from '../../../src/adapters/kafka/unframe-snappy.ts';

const HEADER = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]);

/** As Java clients write it. */
async function frame(texts: readonly string[]): Promise<Buffer> {
  const parts: Buffer[] = [HEADER];
  for (const text of texts) {
    const block = await compress(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(block.length);
    parts.push(length, block);
  }
  return Buffer.concat(parts);
}

async function read(buffer: Buffer): Promise<string> {
  const blocks = await Promise.all(unframeSnappy(buffer).map((block) => uncompress(block)));
  return blocks.map(String).join('');
}

describe('unframeSnappy', () => {
  it('takes apart the blocks that Java clients write', async () => {
    expect(await read(await frame(['first ', 'second ', 'x'.repeat(50_000)]))).toBe(
      `first second ${'x'.repeat(50_000)}`,
    );
    expect(unframeSnappy(await frame([]))).toEqual([]);
  });

  it('leaves a raw block as it is', async () => {
    expect(await read(await compress('one block'))).toBe('one block');
  });

  it('refuses what is cut off', async () => {
    const framed = await frame(['some text']);
    expect(() => unframeSnappy(framed.subarray(0, -1))).toThrow(RangeError);
  });
});
