/**
 * A frame is two lengths of four bytes each, little endian, then a head of JSON and a body of text, both
 * UTF-8. The body spares trace text a second escaping.
 */
export interface Frame {
  readonly head: unknown;
  readonly body: string;
}

const PREFIX_BYTES = 8;

export function encodeFrame(head: unknown, body = ''): Buffer {
  const headText = JSON.stringify(head);
  const headBytes = Buffer.byteLength(headText);
  const bodyBytes = Buffer.byteLength(body);
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + headBytes + bodyBytes);
  frame.writeUInt32LE(headBytes, 0);
  frame.writeUInt32LE(bodyBytes, 4);
  frame.write(headText, PREFIX_BYTES);
  frame.write(body, PREFIX_BYTES + headBytes);
  return frame;
}

/** Puts frames together from chunks. Throws RangeError at a frame of more than `maxBytes`. */
export class FrameReader {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  /** What is needed before it pays to look again. */
  #needed = PREFIX_BYTES;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  read(chunk: Buffer): readonly Frame[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes < this.#needed) return [];
    const all = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#bytes);
    const frames: Frame[] = [];
    let start = 0;
    this.#needed = PREFIX_BYTES;
    while (all.length - start >= PREFIX_BYTES) {
      const headBytes = all.readUInt32LE(start);
      const bodyBytes = all.readUInt32LE(start + 4);
      const length = PREFIX_BYTES + headBytes + bodyBytes;
      if (length > this.#maxBytes) throw new RangeError(`a frame has ${length} bytes`);
      if (all.length - start < length) {
        this.#needed = length;
        break;
      }
      const bodyStart = start + PREFIX_BYTES + headBytes;
      frames.push({
        head: JSON.parse(all.toString('utf8', start + PREFIX_BYTES, bodyStart)),
        body: all.toString('utf8', bodyStart, start + length),
      });
      start += length;
    }
    const rest = all.subarray(start);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#bytes = rest.length;
    return frames;
  }
}
