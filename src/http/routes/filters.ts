import {
  checkFilterBody,
  type FilterCheckBody,
  filterCheckBody,
} from '../../contract/http/filters.ts';
import { describeExplanation } from '../../core/filter/explain/explain-filter.ts';
import type { FilterCheck, FilterChecker, FilterExample } from '../../ports/trace-queries.ts';
import { abandoned } from '../abandoned.ts';
import type { HttpApp } from '../http-app.ts';
import { toFilterExplanationBody } from '../to-filter-explanation-body.ts';

/** Trying filters over HTTP. */
export function addFilterRoutes(app: HttpApp, checker: FilterChecker): void {
  app.post(
    '/api/v1/filters/check',
    { schema: { body: checkFilterBody, response: { 200: filterCheckBody } } },
    async ({ body }, reply) => {
      const { experiment_id: experimentId, preview, sample_rate: sampleRate } = body;
      const check = await checker.check({
        filterString: body.filter_string,
        ...(experimentId !== undefined && { experimentId }),
        ...(preview !== undefined && { preview }),
        ...(sampleRate !== undefined && { sampleRate }),
        signal: abandoned(reply),
      });
      return toFilterCheckBody(check);
    },
  );
}

function toFilterCheckBody({ normalized, preview }: FilterCheck): FilterCheckBody {
  if (preview === null) return { valid: true, normalized };
  const { matched, of, isCut, wouldScore, ineligible, matching, notMatching } = preview;
  return {
    valid: true,
    normalized,
    matched,
    of,
    ...(isCut && { stopped_early: true }),
    ...(wouldScore !== null && { would_score: wouldScore }),
    ineligible: { ...ineligible },
    examples: {
      matching: matching.map(toExampleBody),
      not_matching: notMatching.map(toExampleBody),
    },
  };
}

function toExampleBody({ traceId, experimentId, name, explanation }: FilterExample) {
  return {
    trace_id: traceId,
    experiment_id: experimentId,
    name,
    why: describeExplanation(explanation),
    explanation: toFilterExplanationBody(explanation),
  };
}
