import { sanitizeText } from '@assay/sdk';
import type { Registry } from '../../ports/registry.ts';
import { changeScorer } from './change-scorer.ts';
import type { Database } from './database.ts';
import { ensureExperiments } from './ensure-experiments.ts';
import { readConfigAt } from './read-config-at.ts';
import { readExperiments } from './read-experiments.ts';
import { readRevisions } from './read-revisions.ts';
import { readScorer, readScorers } from './read-scorers.ts';
import { readRevision, readSnapshot } from './read-snapshot.ts';

/**
 * Experiments and scorers in `assay.experiments`, `assay.scorers` and the tables beside them. Ids come from
 * URLs and may hold what Postgres cannot: they are replaced as in the archive, and find what is there.
 */
export function createPostgresRegistry(database: Database): Registry {
  return {
    revision: () => readRevision(database),
    snapshot: () => readSnapshot(database),
    change: (request) =>
      changeScorer(database, { ...request, experimentId: sanitizeText(request.experimentId) }),
    get: (experimentId, name) =>
      readScorer(database, sanitizeText(experimentId), sanitizeText(name)),
    list: (experimentId) => readScorers(database, sanitizeText(experimentId)),
    revisions: (experimentId, name) =>
      readRevisions(database, sanitizeText(experimentId), sanitizeText(name)),
    configAt: (experimentId, revision) =>
      readConfigAt(database, sanitizeText(experimentId), revision),
    experiments: () => readExperiments(database),
    ensureExperiments: (experimentIds) => ensureExperiments(database, experimentIds),
  };
}
