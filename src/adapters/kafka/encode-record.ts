/** The part of kafkajs's Encoder that a record needs; each call returns the encoder itself. */
export interface Encoder {
  writeInt8(value: number): Encoder;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: number): Encoder;
  writeVarIntString(value: string): Encoder;
  writeVarIntBytes(value: Buffer | null): Encoder;
  writeEncoder(encoder: Encoder): Encoder;
  size(): number;
}

/** A message as the produce request of kafkajs hands it to the encoder of records. */
export interface EncodableRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;
}

type HeaderValue = Buffer | null;

/** Writes a record of message format 2. Unlike the encoder of kafkajs it takes headers without a value. */
export function encodeRecord(
  { offsetDelta, timestampDelta, key, value, headers = {} }: EncodableRecord,
  newEncoder: () => Encoder,
): Encoder {
  const flat = Object.entries(headers).flatMap(([name, values]) =>
    isList(values) ? values.map((one) => [name, one] as const) : [[name, values] as const],
  );
  const body = newEncoder()
    .writeInt8(0)
    .writeVarLong(timestampDelta)
    .writeVarInt(offsetDelta)
    .writeVarIntBytes(key)
    .writeVarIntBytes(value)
    .writeVarInt(flat.length);
  for (const [name, one] of flat) body.writeVarIntString(name).writeVarIntBytes(one);
  return newEncoder().writeVarInt(body.size()).writeEncoder(body);
}

/** `Array.isArray` does not narrow readonly arrays. */
function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
