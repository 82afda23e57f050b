import { readFields } from '../read-fields.ts';
import { type AssayConnection, experimentPath } from './connection.ts';
import { readRegistration, readRegistrations, strangeAnswer } from './read-registration.ts';
import type { Registration } from './registration.ts';
import { ServiceScorer } from './service-scorer.ts';
import { toCamelCase } from './to-camel-case.ts';

export interface ScorerQuery {
  readonly name: string;
  /** The client's when left out. */
  readonly experimentId?: string | undefined;
}

/** A version of a scorer: what the service keeps for good. */
export interface ScorerVersion {
  readonly version: number;
  /** Whether new traces are scored by this one. */
  readonly inForce: boolean;
  readonly definition: Readonly<Record<string, unknown>>;
  /** SHA-256 of the definition, 64 hex digits. */
  readonly contentHash: string;
  /** RFC 3339 in UTC. */
  readonly createdAt: string;
  readonly createdBy: string;
}

/** A registered scorer. Rejects with SCORER_NOT_FOUND. */
export async function getScorer(
  client: AssayConnection,
  { name, experimentId = client.experimentId }: ScorerQuery,
): Promise<ServiceScorer> {
  const path = experimentPath(experimentId, 'scorers', name);
  return ServiceScorer.of(readRegistration(await client.request({ method: 'GET', path }), client));
}

/** The scorers of an experiment that are not deleted, ordered by name. */
export async function listScorers(
  client: AssayConnection,
  { experimentId = client.experimentId }: Omit<ScorerQuery, 'name'> = {},
): Promise<readonly ServiceScorer[]> {
  const found: Registration[] = [];
  let pageToken: string | null = null;
  do {
    const answer = await client.request({
      method: 'GET',
      path: experimentPath(experimentId, 'scorers'),
      query: { page_token: pageToken ?? undefined },
    });
    const page = readRegistrations(answer, client);
    found.push(...page.registrations);
    pageToken = page.nextPageToken;
  } while (pageToken !== null);
  return found.map((registration) => ServiceScorer.of(registration));
}

/** The versions of a scorer, oldest first. Rejects with SCORER_NOT_FOUND. */
export async function listScorerVersions(
  client: AssayConnection,
  { name, experimentId = client.experimentId }: ScorerQuery,
): Promise<readonly ScorerVersion[]> {
  const path = experimentPath(experimentId, 'scorers', name, 'versions');
  const answer = await client.request({ method: 'GET', path });
  try {
    const versions = readFields(answer).objects('versions');
    // Each has the fields that the API's description names.
    return versions.map(({ json }) => toCamelCase(json) as ScorerVersion);
  } catch (cause) {
    throw strangeAnswer('list of versions', cause);
  }
}

/** Deletes a registered scorer and resolves with its last state. Rejects with SCORER_NOT_FOUND. */
export async function deleteScorer(
  client: AssayConnection,
  { name, experimentId = client.experimentId }: ScorerQuery,
): Promise<ServiceScorer> {
  const path = experimentPath(experimentId, 'scorers', name);
  const answer = await client.request({ method: 'DELETE', path });
  return ServiceScorer.of(readRegistration(answer, client));
}
