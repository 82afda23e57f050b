import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a Kafka cluster says about itself. */
export interface ClusterMetadata {
  readonly clusterId: string;
  /** Node ids of the brokers that take requests. */
  readonly brokers: readonly number[];
}

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

const METADATA = 3;
const VERSION = 4;
const CLIENT_ID = 'assay-stack';
const TIMEOUT_MS = 2_000;
const LENGTH_BYTES = 4;

/**
 * One Metadata request (version 4) of the Kafka protocol, https://kafka.apache.org/protocol, without topics.
 * A port that is open says little: a broker is ready when it stands in its own answer. undefined while there
 * is no answer.
 */
export async function readMetadata(address: BrokerAddress): Promise<ClusterMetadata | undefined> {
  const socket = connect(address);
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy());
  try {
    await once(socket, 'connect');
    socket.write(request());
    return parse(await answer(socket));
  } catch {
    return undefined;
  } finally {
    socket.destroy();
  }
}

function request(): Buffer {
  const clientId = Buffer.from(CLIENT_ID);
  const buffer = Buffer.alloc(LENGTH_BYTES + 10 + clientId.length + 5);
  let at = buffer.writeInt32BE(buffer.length - LENGTH_BYTES);
  at = buffer.writeInt16BE(METADATA, at);
  at = buffer.writeInt16BE(VERSION, at);
  at = buffer.writeInt32BE(0, at); // correlation id
  at = buffer.writeInt16BE(clientId.length, at);
  at += clientId.copy(buffer, at);
  at = buffer.writeInt32BE(0, at); // no topics
  buffer.writeInt8(0, at); // create none
  return buffer;
}

/** The body of the answer, after length and correlation id. */
async function answer(socket: Socket): Promise<Buffer> {
  let received = Buffer.alloc(0);
  for await (const chunk of socket) {
    received = Buffer.concat([received, chunk as Buffer]); // no encoding is set
    if (received.length < LENGTH_BYTES) continue;
    const end = LENGTH_BYTES + received.readInt32BE();
    if (received.length >= end) return received.subarray(LENGTH_BYTES + 4, end);
  }
  throw new Error('the connection was closed');
}

function parse(body: Buffer): ClusterMetadata {
  let at = 4; // throttle time
  const int32 = (): number => {
    at += 4;
    return body.readInt32BE(at - 4);
  };
  const string = (): string => {
    const length = body.readInt16BE(at);
    const start = at + 2;
    at = start + Math.max(length, 0); // −1 is null
    return body.toString('utf8', start, at);
  };
  const brokers = Array.from({ length: int32() }, () => {
    const id = int32();
    string(); // host
    int32(); // port
    string(); // rack
    return id;
  });
  return { brokers, clusterId: string() };
}
