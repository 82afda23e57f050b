import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { PROBLEM_MEDIA_TYPE } from '../contract/http/problem.ts';
import { AssayError } from '../core/errors.ts';
import type { Service } from '../ports/service.ts';
import type { HttpApp } from './http-app.ts';
import { assertLocalRequest } from './loopback-guard.ts';
import { toProblem } from './problem.ts';
import { createMethodRefusal } from './refuse-other-methods.ts';
import { addExperimentRoutes } from './routes/experiments.ts';
import { addExplainRoutes } from './routes/explain.ts';
import { addFilterRoutes } from './routes/filters.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addScorerTrialRoutes } from './routes/scorer-trials.ts';
import { addScorerRoutes } from './routes/scorers.ts';
import { addSearchRoutes } from './routes/search.ts';
import { addTraceRoutes } from './routes/traces.ts';
import { toRequestError } from './to-request-error.ts';

/** Hears of each request that failed by the service's own fault (status 500 and above). */
export type OnRequestError = (
  error: unknown,
  request: { readonly method: string; readonly path: string },
) => void;

export interface HttpAppOptions {
  readonly service: Service;
  readonly onRequestError?: OnRequestError;
}

/** Longest trace id or scorer name in a path. */
const MAX_PARAM_LENGTH = 1024;

/** The API as a Fastify instance that does not listen yet. */
export function createHttpApp({ service, onRequestError }: HttpAppOptions): HttpApp {
  const sendProblem = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const path = pathOf(request);
    const requestError = toRequestError(thrown);
    const problem = toProblem(requestError, path);
    if (problem.status >= 500) onRequestError?.(thrown, { method: request.method, path });
    if (requestError.error.retryable) void reply.header('retry-after', '1');
    return reply
      .code(problem.status)
      .type(PROBLEM_MEDIA_TYPE)
      .send(JSON.stringify(problem, bigintAsText));
  };
  const app: HttpApp = Fastify({
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request) => {
    throw new AssayError('ROUTE_NOT_FOUND', `There is nothing at ${pathOf(request)}.`);
  });
  app.addHook('onRequest', async (request) => assertLocalRequest(request));
  acceptJsonOnly(app);
  addRoutes(app, service);
  return app;
}

function addRoutes(app: HttpApp, service: Service): void {
  const refusal = createMethodRefusal(app);
  addHealthRoutes(app, service);
  addExperimentRoutes(app, service.traces);
  addScorerRoutes(app, service.scorers);
  addSearchRoutes(app, service.searcher);
  addTraceRoutes(app, service.traces);
  addExplainRoutes(app, service.explainer);
  addFilterRoutes(app, service.filters);
  refusal.addRefusals();
  // After the refusals: a scorer may be called `test`, and its routes take the other methods.
  addScorerTrialRoutes(app, service.trials);
}

/** `POST …/stop` with a JSON content type and nothing else is fine. Fastify would take text as well. */
function acceptJsonOnly(app: HttpApp): void {
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, {});
    else void parseJson(request, body.toString(), done);
  });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
