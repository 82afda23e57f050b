import { AssayError } from '../core/errors.ts';
import { createHttpApp, type HttpAppOptions } from './create-http-app.ts';

export interface HttpServerOptions extends HttpAppOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
}

export interface HttpServer {
  /** Resolves when the port is open. Throws PORT_IN_USE, or CONFIG_INVALID for a host or port one cannot listen on. */
  listen(): Promise<{ readonly url: string }>;
  /** Takes no more requests, lets those at work finish, and closes the connections. */
  close(): Promise<void>;
}

export function createHttpServer({ host, port, ...options }: HttpServerOptions): HttpServer {
  const app = createHttpApp(options);
  return {
    async listen() {
      try {
        return { url: await app.listen({ host, port }) };
      } catch (error) {
        throw toListenError(error, `${host}:${port}`);
      }
    },
    close: () => app.close(),
  };
}

const REFUSED_ADDRESS: readonly unknown[] = ['EADDRNOTAVAIL', 'EACCES', 'ENOTFOUND'];

function toListenError(error: unknown, address: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    const message = `Another process listens on ${address}. Stop it, or choose another port: ASSAY_HTTP_PORT or --http-port, where 0 takes a free one.`;
    return new AssayError('PORT_IN_USE', message, { context: { address }, cause: error });
  }
  if (REFUSED_ADDRESS.includes(code)) {
    const message = `The system does not let Assay listen on ${address} (${String(code)}). Check ASSAY_HTTP_HOST and ASSAY_HTTP_PORT.`;
    return new AssayError('CONFIG_INVALID', message, { context: { address }, cause: error });
  }
  return error;
}
