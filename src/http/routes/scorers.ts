import { z } from 'zod';
import {
  type ChangeSamplingBody,
  changeSamplingBody,
  emptyBody,
  experimentParams,
  registerScorerBody,
  scorerBody,
  scorerParams,
  scorerRevisionsBody,
  scorersBody,
  scorerVersionsBody,
} from '../../contract/http/scorers.ts';
import type { SamplingChange, ScorerLifecycle } from '../../ports/service.ts';
import { authorOf } from '../author-of.ts';
import type { HttpApp } from '../http-app.ts';
import { toRevisionsBody, toScorerBody, toVersionsBody } from '../to-scorer-body.ts';

const SCORERS = '/api/v1/experiments/:experiment_id/scorers';
const SCORER = `${SCORERS}/:name`;

/** The lifecycle of scorers over HTTP. */
export function addScorerRoutes(app: HttpApp, scorers: ScorerLifecycle): void {
  addReadingRoutes(app, scorers);
  addRegistrationRoutes(app, scorers);
  addSamplingRoutes(app, scorers);
}

function addReadingRoutes(app: HttpApp, scorers: ScorerLifecycle): void {
  app.get(
    SCORERS,
    { schema: { params: experimentParams, response: { 200: scorersBody } } },
    async ({ params }) => ({
      scorers: (await scorers.list(params.experiment_id)).map(toScorerBody),
    }),
  );
  app.get(
    SCORER,
    { schema: { params: scorerParams, response: { 200: scorerBody } } },
    async ({ params }) => toScorerBody(await scorers.get(params.experiment_id, params.name)),
  );
  app.get(
    `${SCORER}/versions`,
    { schema: { params: scorerParams, response: { 200: scorerVersionsBody } } },
    async ({ params }) => toVersionsBody(await scorers.get(params.experiment_id, params.name)),
  );
  app.get(
    `${SCORER}/revisions`,
    { schema: { params: scorerParams, response: { 200: scorerRevisionsBody } } },
    async ({ params }) =>
      toRevisionsBody(await scorers.revisions(params.experiment_id, params.name)),
  );
}

function addRegistrationRoutes(app: HttpApp, scorers: ScorerLifecycle): void {
  app.post(
    SCORERS,
    {
      schema: {
        params: experimentParams,
        body: registerScorerBody,
        response: { 201: scorerBody },
      },
    },
    async (request, reply) => {
      const { experiment_id: experimentId } = request.params;
      const scorer = await scorers.register(experimentId, request.body, authorOf(request));
      return reply.code(201).send(toScorerBody(scorer));
    },
  );
  app.delete(
    SCORER,
    { schema: { params: scorerParams, response: { 200: scorerBody } } },
    async (request) => {
      const { experiment_id: experimentId, name } = request.params;
      return toScorerBody(await scorers.delete(experimentId, name, authorOf(request)));
    },
  );
}

function addSamplingRoutes(app: HttpApp, scorers: ScorerLifecycle): void {
  for (const operation of ['start', 'update'] as const) {
    app.post(
      `${SCORER}/${operation}`,
      {
        schema: {
          params: scorerParams,
          body: orEmpty(changeSamplingBody),
          response: { 200: scorerBody },
        },
      },
      async (request) => {
        const { experiment_id: experimentId, name } = request.params;
        const change = { ...toSamplingChange(request.body), author: authorOf(request) };
        return toScorerBody(await scorers[operation](experimentId, name, change));
      },
    );
  }
  app.post(
    `${SCORER}/stop`,
    { schema: { params: scorerParams, body: orEmpty(emptyBody), response: { 200: scorerBody } } },
    async (request) => {
      const { experiment_id: experimentId, name } = request.params;
      return toScorerBody(await scorers.stop(experimentId, name, authorOf(request)));
    },
  );
}

/** A request without a body means the same as one with `{}`. */
function orEmpty<T extends z.ZodType>(schema: T) {
  return z.preprocess((body) => body ?? {}, schema);
}

function toSamplingChange({
  sampling_config: sampling,
  version,
}: ChangeSamplingBody): Omit<SamplingChange, 'author'> {
  return {
    ...(sampling?.sample_rate !== undefined && { sampleRate: sampling.sample_rate }),
    ...(sampling?.filter_string !== undefined && { filterString: sampling.filter_string }),
    ...(sampling?.include_evaluation_runs !== undefined && {
      includeEvaluationRuns: sampling.include_evaluation_runs,
    }),
    ...(version !== undefined && { version }),
  };
}
