import type { HTTPMethods } from 'fastify';
import { AssayError } from '../core/errors.ts';
import type { HttpApp } from './http-app.ts';

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Makes every path refuse, by 405 and the header `allow`, the methods it does not have. Call before adding routes. */
export function createMethodRefusal(app: HttpApp): { addRefusals(): void } {
  const methodsOf = new Map<string, Set<string>>();
  app.addHook('onRoute', ({ url, method }) => {
    const methods = methodsOf.get(url) ?? new Set();
    for (const one of [method].flat()) methods.add(one);
    methodsOf.set(url, methods);
  });
  return {
    addRefusals() {
      for (const [url, methods] of methodsOf) {
        const allowed = [...methods].sort().join(', ');
        const refused = METHODS.filter((method) => !methods.has(method));
        app.route({
          method: refused,
          url,
          handler: (request, reply) => {
            void reply.header('allow', allowed);
            const message = `${request.method} is not possible here, only ${allowed}.`;
            throw new AssayError('METHOD_NOT_ALLOWED', message);
          },
        });
      }
    },
  };
}
