import { createHttpApp } from '../../src/http/create-http-app.ts';
import type { HttpApp } from '../../src/http/http-app.ts';
import type { FilterChecker, TraceSearcher } from '../../src/ports/trace-queries.ts';
import type { ScorerLifecycle } from '../../src/ports/service.ts';
import { createFakeService } from './fake-service.ts';

export interface Queries {
  readonly searcher?: TraceSearcher;
  readonly checker?: FilterChecker;
  readonly scorers?: ScorerLifecycle;
}

/** The API with these behind the routes for searching and checking. */
export function createQueryApp({ searcher, checker, scorers }: Queries): HttpApp {
  const service = createFakeService({
    ...(searcher && { searcher }),
    ...(checker && { filters: checker }),
    ...(scorers && { scorers }),
  });
  return createHttpApp({ service });
}
