import { type FoundTraceBody, searchQuery, tracesBody } from '../../contract/http/search.ts';
import { experimentParams } from '../../contract/http/scorers.ts';
import type { FoundTrace, TraceSearcher } from '../../ports/trace-queries.ts';
import { abandoned } from '../abandoned.ts';
import type { HttpApp } from '../http-app.ts';
import { toRfc3339 } from '../to-scorer-body.ts';

/** Searching the archive over HTTP. */
export function addSearchRoutes(app: HttpApp, searcher: TraceSearcher): void {
  app.get(
    '/api/v1/experiments/:experiment_id/traces',
    {
      schema: { params: experimentParams, querystring: searchQuery, response: { 200: tracesBody } },
    },
    async ({ params, query }, reply) => {
      const { filter_string: filterString, order_by: orderBy } = query;
      const { max_results: maxResults, page_token: pageToken } = query;
      const { traces, nextPageToken } = await searcher.search({
        experimentIds: [params.experiment_id],
        ...(filterString !== undefined && { filterString }),
        ...(maxResults !== undefined && { maxResults }),
        ...(orderBy !== undefined && { orderBy }),
        ...(pageToken !== undefined && { pageToken }),
        signal: abandoned(reply),
      });
      return {
        traces: traces.map(toFoundTraceBody),
        ...(nextPageToken !== null && { next_page_token: nextPageToken }),
      };
    },
  );
}

function toFoundTraceBody({ row, requestPreview, responsePreview }: FoundTrace): FoundTraceBody {
  const { topic, partition, offset } = row.position;
  return {
    trace_id: row.traceId,
    name: row.name,
    state: row.state,
    request_time: toRfc3339(row.requestTimeMs),
    execution_duration_ms: row.executionDurationMs,
    tags: { ...row.tags },
    metadata: { ...row.metadata },
    request_preview: requestPreview,
    response_preview: responsePreview,
    session_id: row.sessionId,
    user_id: row.userId,
    sample_position: row.samplePosition,
    position: { topic, partition, offset: String(offset) },
  };
}
