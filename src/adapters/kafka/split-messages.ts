import type { OutgoingMessage } from '../../ports/broker.ts';

/** The broker's default limit for a record batch is 1,048,588 bytes; kafkajs makes one batch of a send. */
export const MAX_BATCH_BYTES = 950_000;
/** kafkajs copies the list once for each message of it. */
export const MAX_BATCH_MESSAGES = 1_000;

const BATCH_OVERHEAD = 61;
/** Lengths and deltas are varints: at most 5 bytes each, 10 for the time. */
const MAX_RECORD_OVERHEAD = 1 + 10 + 5 * 5;
const MAX_HEADER_OVERHEAD = 2 * 5;

/** Cuts messages, in order, into lists that fit into one record batch. One that is too large goes alone. */
export function splitMessages(
  messages: readonly OutgoingMessage[],
): readonly (readonly OutgoingMessage[])[] {
  const batches: OutgoingMessage[][] = [];
  let batch: OutgoingMessage[] = [];
  let bytes = BATCH_OVERHEAD;
  for (const message of messages) {
    const size = maxRecordBytes(message);
    const full = bytes + size > MAX_BATCH_BYTES || batch.length === MAX_BATCH_MESSAGES;
    if (full && batch.length > 0) {
      batches.push(batch);
      batch = [];
      bytes = BATCH_OVERHEAD;
    }
    batch.push(message);
    bytes += size;
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}

/** What a message takes in a record batch of format 2 without compression, or a little less. */
function maxRecordBytes({ key, value, headers }: OutgoingMessage): number {
  let bytes = MAX_RECORD_OVERHEAD + (key?.length ?? 0) + (value?.length ?? 0);
  for (const header of headers) {
    bytes += MAX_HEADER_OVERHEAD + Buffer.byteLength(header.key) + (header.value?.length ?? 0);
  }
  return bytes;
}
