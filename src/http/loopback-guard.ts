import type { FastifyRequest } from 'fastify';
import { AssayError } from '../core/errors.ts';
import { isLoopbackHost } from '../core/loopback-host.ts';

/**
 * Without API keys, listening on loopback is what protects the service, but a web page in a browser
 * of this machine gets that far too: by a name that resolves to 127.0.0.1, or by posting across
 * sites. So the host asked for must be a loopback one, and changes must not come from another origin.
 * Throws REQUEST_FORBIDDEN.
 */
export function assertLocalRequest(request: FastifyRequest): void {
  if (!isLoopbackHost(request.hostname)) {
    const message = `The service answers to localhost and 127.0.0.1 only, not to "${request.hostname}".`;
    throw new AssayError('REQUEST_FORBIDDEN', message);
  }
  const { origin } = request.headers;
  const isChange = request.method !== 'GET' && request.method !== 'HEAD';
  if (isChange && origin !== undefined && hostOf(origin) !== request.host) {
    throw new AssayError('REQUEST_FORBIDDEN', `Pages of ${origin} may not change anything here.`);
  }
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
