import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../src/cli/read-lines.ts';

async function* chunksOf(bytes: Uint8Array, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(text: string, chunkSize = 7, maxLineBytes?: number) {
  const chunks = chunksOf(new TextEncoder().encode(text), chunkSize);
  const lines: (readonly [number, string])[] = [];
  for await (const { number, bytes } of readLines(chunks, maxLineBytes)) {
    lines.push([number, new TextDecoder().decode(bytes)]);
  }
  return lines;
}

describe('readLines', () => {
  it('gives the lines that are not blank with their numbers, whatever ends them', async () => {
    expect(await read('one\n\r\n  \t\ntwo\r\nthree')).toEqual([
      [1, 'one'],
      [4, 'two'],
      [5, 'three'],
    ]);
    expect(await read('')).toEqual([]);
    expect(await read('\n\n')).toEqual([]);
  });

  it('does not part lines at separators that JSON text may hold', async () => {
    const line = '{"a":"x\u2028y\u2029z\u0085 \u000b"}';
    expect(await read(`${line}\n${line}\n`)).toEqual([
      [1, line],
      [2, line],
    ]);
  });

  it('gives the same lines however the file is cut into pieces', async () => {
    const text = fc.array(fc.constantFrom('a', 'ü', '😀', '\n', '\r', ' '), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (characters, size) => {
        const joined = characters.join('');
        const expected = joined
          .split('\n')
          .map((line, index) => [index + 1, line.replace(/\r$/, '')] as const)
          .filter(([, line]) => /[^ \t\r]/.test(line));
        expect(await read(joined, size)).toEqual(expected);
      }),
    );
  });

  it('refuses a line without end instead of filling the memory', async () => {
    await expect(read(`ok\n${'x'.repeat(100)}`, 7, 50)).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: expect.stringMatching(/^line 2 is longer than 50 bytes/) as string,
    });
  });
});
