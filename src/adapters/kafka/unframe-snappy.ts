const MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
/** Magic, version and compatible version. */
const HEADER_BYTES = 16;
const LENGTH_BYTES = 4;

/**
 * The raw snappy blocks of a batch. Java clients write a header and blocks with their lengths (the format
 * of the xerial library); librdkafka and others write one raw block. Throws RangeError for what is cut off.
 */
export function unframeSnappy(buffer: Buffer): readonly Buffer[] {
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) return [buffer];
  const blocks: Buffer[] = [];
  let at = HEADER_BYTES;
  while (at < buffer.length) {
    const length = buffer.readUInt32BE(at);
    const end = at + LENGTH_BYTES + length;
    if (end > buffer.length) throw new RangeError('a snappy block is cut off');
    blocks.push(buffer.subarray(at + LENGTH_BYTES, end));
    at = end;
  }
  return blocks;
}
