import { explainQuery, traceExplanationBody } from '../../contract/http/explain.ts';
import { traceParams } from '../../contract/http/traces.ts';
import type { TraceExplainer } from '../../ports/trace-queries.ts';
import type { HttpApp } from '../http-app.ts';
import { toTraceExplanationBody } from '../to-trace-explanation-body.ts';

/** Why scorers did or did not score a trace. That a trace was not seen is an answer too, not an error. */
export function addExplainRoutes(app: HttpApp, explainer: TraceExplainer): void {
  app.get(
    '/api/v1/experiments/:experiment_id/traces/:trace_id/explain',
    {
      schema: {
        params: traceParams,
        querystring: explainQuery,
        response: { 200: traceExplanationBody },
      },
    },
    async ({ params, query: { scorer } }) =>
      toTraceExplanationBody(
        await explainer.explain({
          experimentId: params.experiment_id,
          traceId: params.trace_id,
          ...(scorer !== undefined && { scorer }),
        }),
      ),
  );
}
