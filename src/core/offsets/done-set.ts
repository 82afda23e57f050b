/**
 * The done-set: which offsets above the committed one are finished already. It travels as text in
 * the metadata of the commit, so that a restart skips what out-of-order completion had finished.
 *
 * Format: `1:` + base64 of unsigned varints, run lengths that alternate between open and done and
 * start (with an open run, maybe of length 0) at the committed offset. Offsets that do not exist
 * count as done.
 */

/** Half-open ranges of finished offsets, ascending, not touching. */
export type DoneRanges = readonly (readonly [from: number, to: number])[];

/**
 * What a commit has room for: Kafka stores 4,096 bytes with an offset (measured: 4,097 are refused), of which 23
 * are for the id of the topic.
 */
export const MAX_METADATA_BYTES = 4_073;

const PREFIX = '1:';
const VARINT_BASE = 128;

export function encodeDoneSet(start: number, done: DoneRanges): string {
  if (done.length === 0) return '';
  const bytes: number[] = [];
  let at = start;
  for (const [from, to] of done) {
    pushVarint(bytes, from - at);
    pushVarint(bytes, to - from);
    at = to;
  }
  return PREFIX + btoa(bytes.map((byte) => String.fromCharCode(byte)).join(''));
}

/** undefined when the text is not a done-set: then everything from the committed offset counts as open. */
export function decodeDoneSet(start: number, metadata: string): DoneRanges | undefined {
  if (metadata === '') return [];
  if (!metadata.startsWith(PREFIX)) return undefined;
  const runs = readVarints(metadata.slice(PREFIX.length));
  if (runs === undefined || runs.length % 2 !== 0) return undefined;
  const ranges: [number, number][] = [];
  let at = start;
  for (let i = 0; i < runs.length; i += 2) {
    const from = at + (runs[i] ?? 0);
    const to = from + (runs[i + 1] ?? 0);
    if (to <= from || !Number.isSafeInteger(to)) return undefined;
    ranges.push([from, to]);
    at = to;
  }
  return ranges;
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= VARINT_BASE) {
    bytes.push((rest % VARINT_BASE) + VARINT_BASE);
    rest = Math.floor(rest / VARINT_BASE);
  }
  bytes.push(rest);
}

function readVarints(base64: string): number[] | undefined {
  let text: string;
  try {
    text = atob(base64);
  } catch {
    return undefined;
  }
  const values: number[] = [];
  let value = 0;
  let scale = 1;
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    value += (byte % VARINT_BASE) * scale;
    scale *= VARINT_BASE;
    if (byte < VARINT_BASE) {
      values.push(value);
      value = 0;
      scale = 1;
    }
  }
  return scale === 1 ? values : undefined;
}
