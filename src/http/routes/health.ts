import { livezBody, type ReadyzBody, readyzBody } from '../../contract/http/health.ts';
import type { Health, Service } from '../../ports/service.ts';
import type { HttpApp } from '../http-app.ts';
import { toRfc3339 } from '../to-scorer-body.ts';

export function addHealthRoutes(app: HttpApp, service: Pick<Service, 'health'>): void {
  app.get('/livez', { schema: { response: { 200: livezBody } } }, async () => ({
    status: 'alive' as const,
  }));
  const response = { 200: readyzBody, 503: readyzBody };
  app.get('/readyz', { schema: { response } }, async (_request, reply) => {
    const health = service.health();
    return reply.code(health.ready ? 200 : 503).send(toReadyzBody(health));
  });
}

function toReadyzBody({ ready, dependencies }: Health): ReadyzBody {
  return {
    ready,
    dependencies: dependencies.map((dependency) => ({
      name: dependency.name,
      ready: dependency.ready,
      since: toRfc3339(dependency.sinceMs),
      detail: dependency.detail,
    })),
  };
}
