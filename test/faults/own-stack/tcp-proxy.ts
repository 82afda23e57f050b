import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { LOOPBACK } from '../../../src/stack/free-ports.ts';

/** From the client to the server, or back. */
export type Direction = 'up' | 'down';

/** Stands between clients and one server, and does to their connections what networks do. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Nothing passes, in silence: connections stay open, new ones are taken and get no answer. */
  hold(): void;
  release(): void;
  /** Each chunk comes so much later, in both directions. */
  delay(ms: number): void;
  /** Resets all connections at once (RST). */
  reset(): void;
  /** Resets all connections once so many further bytes have passed, in the middle of a chunk; resolves then. */
  resetAfter(direction: Direction, bytes: number): Promise<void>;
}

interface Trap {
  readonly direction: Direction;
  bytesLeft: number;
  readonly sprung: () => void;
}

/** Listens on a port of its own from now on, also while there is no server. */
export async function openTcpProxy(serverPort: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let trap: Trap | undefined;
  let held = Promise.withResolvers<void>();
  held.resolve();

  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }

  async function carry(direction: Direction, from: Socket, to: Socket): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      await held.promise;
      if (delayMs > 0) await wait(delayMs);
      if (trap?.direction === direction) {
        trap.bytesLeft -= chunk.length;
        if (trap.bytesLeft <= 0) {
          const { sprung } = trap;
          to.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => {
            reset();
            sprung();
          });
          trap = undefined;
          return;
        }
      }
      if (!to.write(chunk)) await once(to, 'drain');
    }
    to.end();
  }

  const server = createServer((client) => {
    const upstream = connect({ host: LOOPBACK, port: serverPort });
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      // A server that is not there looks as it would without the proxy: the connection ends at once.
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    carry('up', client, upstream).catch(() => undefined);
    carry('down', upstream, client).catch(() => undefined);
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port, // of a TCP server
    hold() {
      held = Promise.withResolvers();
    },
    release: () => held.resolve(),
    delay(ms) {
      delayMs = ms;
    },
    reset,
    resetAfter: (direction, bytes) =>
      new Promise((resolve) => {
        trap = { direction, bytesLeft: bytes, sprung: resolve };
      }),
    async [Symbol.asyncDispose]() {
      server.close();
      reset();
      await once(server, 'close');
    },
  };
}
