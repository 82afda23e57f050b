/**
 * The partition that a Java client's default partitioner chooses for a key: murmur2 with the seed of
 * org.apache.kafka.common.utils.Utils, sign bit cleared, modulo the number of partitions. `partitions`
 * is at least 1.
 */
export function partitionOfKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fff_ffff) % partitions;
}

const SEED = 0x9747_b28c;
const MULTIPLIER = 0x5bd1_e995;

/** 32-bit MurmurHash2 as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  let hash = SEED ^ bytes.length;
  const wholeWords = bytes.length & ~3;
  for (let i = 0; i < wholeWords; i += 4) {
    let word = Math.imul(littleEndian(bytes, i, 4), MULTIPLIER);
    word ^= word >>> 24;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  const rest = bytes.length - wholeWords;
  if (rest > 0) hash = Math.imul(hash ^ littleEndian(bytes, wholeWords, rest), MULTIPLIER);
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER);
  return hash ^ (hash >>> 15);
}

function littleEndian(bytes: Uint8Array, start: number, count: number): number {
  let word = 0;
  for (let i = 0; i < count; i++) word |= (bytes[start + i] ?? 0) << (8 * i);
  return word;
}
