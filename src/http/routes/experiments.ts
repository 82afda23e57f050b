import { experimentsBody } from '../../contract/http/experiments.ts';
import type { TraceReader } from '../../ports/service.ts';
import type { HttpApp } from '../http-app.ts';
import { toRfc3339 } from '../to-scorer-body.ts';

export function addExperimentRoutes(app: HttpApp, traces: Pick<TraceReader, 'experiments'>): void {
  app.get('/api/v1/experiments', { schema: { response: { 200: experimentsBody } } }, async () => ({
    experiments: (await traces.experiments()).map(({ experimentId, archived, createdAtMs }) => ({
      experiment_id: experimentId,
      archived,
      created_at: toRfc3339(createdAtMs),
    })),
  }));
}
