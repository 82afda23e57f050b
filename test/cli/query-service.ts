import { onTestFinished } from 'vitest';
import { createQueryApp, type Queries } from '../http/query-app.ts';

/** The real HTTP API with these queries on a free port, closed when the test ends; gives its URL. */
export async function startQueryService(queries: Queries): Promise<string> {
  const app = createQueryApp(queries);
  onTestFinished(() => app.close());
  return app.listen({ host: '127.0.0.1', port: 0 });
}
