import { once } from 'node:events';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';
import { openSocket } from '../../../src/adapters/kafka/open-socket.ts';

loadKafkajs();

interface Connection {
  readonly requestQueue: { fulfillRequest(answer: object): void };
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
}
const require = createRequire(import.meta.url);
const ConnectionClass = require('kafkajs/src/network/connection') as new (
  options: object,
) => Connection;
const { prototype: broker } = require('kafkajs/src/broker/index') as {
  readonly prototype: { isConnected(): boolean };
};

it('counts a broker as connected only when its versions are known', () => {
  const connectionPool = { isConnected: () => true };
  const isConnected = (versions: object | null) =>
    broker.isConnected.call({ connectionPool, versions } as object as typeof broker); // what the method uses
  expect(isConnected(null)).toBe(false);
  expect(isConnected({})).toBe(true);
});

/** An answer as brokers send it: its length, the number of the request, the content. */
function answer(number: number, content: string): Buffer {
  const bytes = Buffer.alloc(8 + content.length);
  bytes.writeInt32BE(4 + content.length, 0);
  bytes.writeInt32BE(number, 4);
  bytes.write(content, 8);
  return bytes;
}

it('reads the answers of a new connection, whatever the old one left unfinished', async () => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const log = () => ({ debug: log, error: log, info: log, warn: log, namespace: log });
  const connection = new ConnectionClass({
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port, // of a TCP server
    logger: log(),
    socketFactory: openSocket,
    requestTimeout: 1_000,
    connectionTimeout: 1_000,
  });
  const answers: object[] = [];
  connection.requestQueue.fulfillRequest = (one) => void answers.push(one);

  await connection.connect();
  await vi.waitFor(() => expect(sockets).toHaveLength(1));
  sockets[0]?.end(answer(1, 'lost on the way').subarray(0, 12));
  await vi.waitFor(async () => {
    await connection.connect();
    expect(sockets).toHaveLength(2);
  });
  sockets[1]?.write(answer(2, 'whole'));
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  expect(answers).toEqual([{ size: 9, correlationId: 2, payload: Buffer.from('whole') }]);

  await connection.disconnect();
  server.close();
});
