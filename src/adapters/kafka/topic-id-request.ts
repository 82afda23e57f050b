import type { Encoder } from './encode-record.ts';

/** The part of kafkajs's Decoder that reads an answer in the compact encoding (KIP-482). */
export interface Decoder {
  readInt16(): number;
  readUVarInt(): number;
  /** null for a string that is absent. */
  readUVarIntString(): string | null;
  readBytes(length: number): Buffer;
  forward(bytes: number): void;
}

/** The part of kafkajs's Encoder that writes a question in the compact encoding. */
export interface CompactEncoder extends Encoder {
  writeBoolean(value: boolean): CompactEncoder;
  writeBuffer(buffer: Buffer): CompactEncoder;
  writeUVarInt(value: number): CompactEncoder;
  writeUVarIntString(value: string): CompactEncoder;
}

/** Request `Metadata`; from version 10 on, which is Kafka 2.8, the answer tells the ids of topics (KIP-516). */
export const METADATA = { apiKey: 3, apiVersion: 10, apiName: 'Metadata' } as const;

const INT16_BYTES = 2;
const INT32_BYTES = 4;
const BOOLEAN_BYTES = 1;
const ID_BYTES = 16;
const NO_ID = Buffer.alloc(ID_BYTES);
const NO_TAGS = 0;

/** Asks for some topics. kafkajs writes the old header before it, which lacks the tags at its end. */
export function encodeTopicIdRequest(
  topics: readonly string[],
  encoder: CompactEncoder,
): CompactEncoder {
  encoder.writeUVarInt(NO_TAGS).writeUVarInt(topics.length + 1);
  for (const topic of topics) {
    encoder.writeBuffer(NO_ID).writeUVarIntString(topic).writeUVarInt(NO_TAGS);
  }
  return encoder
    .writeBoolean(false) // makes no topics
    .writeBoolean(false) // what may be done with the cluster
    .writeBoolean(false) // what may be done with the topics
    .writeUVarInt(NO_TAGS);
}

/** The ids of topics as 22 characters, by name; without the topics of which the broker does not know an id. */
export function decodeTopicIds(decoder: Decoder): ReadonlyMap<string, string> {
  skipTags(decoder);
  decoder.forward(INT32_BYTES); // for how long requests are throttled
  forEach(decoder, () => {
    decoder.forward(INT32_BYTES); // broker
    decoder.readUVarIntString(); // host
    decoder.forward(INT32_BYTES); // port
    decoder.readUVarIntString(); // rack
    skipTags(decoder);
  });
  decoder.readUVarIntString(); // cluster
  decoder.forward(INT32_BYTES); // controller
  const ids = new Map<string, string>();
  forEach(decoder, () => {
    const errorCode = decoder.readInt16();
    const topic = decoder.readUVarIntString();
    const id = decoder.readBytes(ID_BYTES);
    if (errorCode === 0 && topic !== null && !id.equals(NO_ID)) {
      ids.set(topic, id.toString('base64url'));
    }
    decoder.forward(BOOLEAN_BYTES); // internal
    forEach(decoder, () => skipPartition(decoder));
    decoder.forward(INT32_BYTES); // what may be done with it
    skipTags(decoder);
  });
  return ids;
}

function skipPartition(decoder: Decoder): void {
  decoder.forward(INT16_BYTES + 3 * INT32_BYTES); // error, partition, leader and its epoch
  for (let list = 0; list < 3; list++) {
    // replicas, those in sync, those offline
    forEach(decoder, () => decoder.forward(INT32_BYTES));
  }
  skipTags(decoder);
}

/** A compact array begins with its length plus one; 0 is an array that is absent. */
function forEach(decoder: Decoder, read: () => void): void {
  const length = decoder.readUVarInt() - 1;
  for (let item = 0; item < length; item++) read();
}

function skipTags(decoder: Decoder): void {
  const count = decoder.readUVarInt();
  for (let tag = 0; tag < count; tag++) {
    decoder.readUVarInt();
    decoder.forward(decoder.readUVarInt());
  }
}
