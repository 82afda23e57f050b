import type { TcpProxy } from './tcp-proxy.ts';

/** A server that can be taken away and brought back, with the same data on the same ports. */
export interface OwnServer {
  /** Whoever comes this way stays on it, also when he follows the server's own word. */
  readonly proxy: TcpProxy;
  /** Asks for a clean stop; resolves when the process has ended. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Resolves when it takes requests again. */
  start(): Promise<void>;
}

/** What of a started process is needed. */
export interface Startable {
  stop(): Promise<unknown>;
  kill(signal: 'SIGKILL'): Promise<void>;
}

/** Starts the server for the first time. */
export async function openOwnServer(
  proxy: TcpProxy,
  startProcess: () => Promise<Startable>,
): Promise<OwnServer> {
  let process = await startProcess();
  return {
    proxy,
    stop: async () => void (await process.stop()),
    kill: () => process.kill('SIGKILL'),
    async start() {
      process = await startProcess();
    },
  };
}
