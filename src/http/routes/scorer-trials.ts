import type { FastifyReply } from 'fastify';
import {
  scorerTrialBody,
  type TestScorerBody,
  testScorerBody,
} from '../../contract/http/scorer-trials.ts';
import { experimentParams } from '../../contract/http/scorers.ts';
import type { ScorerTrial, TrialRequest } from '../../ports/scorer-trial.ts';
import type { HttpApp } from '../http-app.ts';
import { toScorerTrialBody } from '../to-scorer-trial-body.ts';

export const SCORER_TRIAL = '/api/v1/experiments/:experiment_id/scorers/test';

/**
 * Trying a scorer on stored traces over HTTP. Its path is that of a scorer called `test` too, which has methods of its
 * own: the route is added after the refusals of methods, so that it has none.
 */
export function addScorerTrialRoutes(app: HttpApp, trial: ScorerTrial): void {
  app.post(
    SCORER_TRIAL,
    {
      schema: {
        params: experimentParams,
        body: testScorerBody,
        response: { 200: scorerTrialBody },
      },
    },
    async ({ params, body }, reply) => {
      const experimentId = params.experiment_id;
      const request = { experimentId, ...toTrialRequest(body), signal: whenGone(reply) };
      return toScorerTrialBody(await trial.test(request));
    },
  );
}

function toTrialRequest(body: TestScorerBody): Omit<TrialRequest, 'experimentId'> {
  const { name, version, kind, filter_string: filterString, last, ...fields } = body;
  return {
    scorer:
      name === undefined
        ? { kind: 'definition', request: { ...fields, kind: kind ?? '' } }
        : { kind: 'registered', name, ...(version !== undefined && { version }) },
    ...(filterString !== undefined && { filterString }),
    ...(last !== undefined && { last }),
  };
}

/** Aborted when the caller hangs up before the answer. */
function whenGone({ raw }: FastifyReply): AbortSignal {
  const gone = new AbortController();
  raw.once('close', () => {
    if (!raw.writableFinished) gone.abort();
  });
  return gone.signal;
}
