import { traceParams } from '../../contract/http/traces.ts';
import type { TraceReader } from '../../ports/service.ts';
import type { HttpApp } from '../http-app.ts';
import { renderTrace } from '../render-trace.ts';

export function addTraceRoutes(app: HttpApp, traces: Pick<TraceReader, 'get'>): void {
  app.get(
    '/api/v1/experiments/:experiment_id/traces/:trace_id',
    { schema: { params: traceParams } },
    async ({ params }, reply) => {
      const found = await traces.get(params.experiment_id, params.trace_id);
      return reply.type('application/json; charset=utf-8').send(renderTrace(found));
    },
  );
}
