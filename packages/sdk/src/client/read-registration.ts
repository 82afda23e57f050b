import { deepFreeze } from '../deep-freeze.ts';
import { isJsonObject, readFields } from '../read-fields.ts';
import { AssayClientError } from './assay-client-error.ts';
import type { AssayConnection } from './connection.ts';
import type { RegisteredStatus, Registration } from './registration.ts';

const STATUSES: ReadonlySet<unknown> = new Set<RegisteredStatus>([
  'registered',
  'active',
  'stopped',
  'deleted',
]);

/** A scorer as the API answers it. Throws AssayClientError when it is not one. */
export function readRegistration(answer: unknown, client: AssayConnection): Registration {
  try {
    return toRegistration(answer, client);
  } catch (cause) {
    throw strangeAnswer('scorer', cause);
  }
}

/** `{ scorers: [ … ], next_page_token? }` */
export function readRegistrations(
  answer: unknown,
  client: AssayConnection,
): { readonly registrations: readonly Registration[]; readonly nextPageToken: string | null } {
  try {
    const page = readFields(answer);
    return {
      registrations: page.objects('scorers').map(({ json }) => toRegistration(json, client)),
      nextPageToken: page.optionalString('next_page_token'),
    };
  } catch (cause) {
    throw strangeAnswer('list of scorers', cause);
  }
}

function toRegistration(answer: unknown, client: AssayConnection): Registration {
  const scorer = readFields(answer);
  const integer = (key: string): number =>
    scorer.optionalNumber(key) ?? scorer.refuse(key, 'a number');
  const { status, definition } = scorer.json;
  const sampleRate = scorer.optionalNumber('sample_rate');
  const filterString = scorer.optionalString('filter_string');
  return Object.freeze({
    client,
    experimentId: scorer.string('experiment_id'),
    name: scorer.string('name'),
    kind: scorer.string('kind'),
    status: isStatus(status) ? status : scorer.refuse('status', [...STATUSES].join(', ')),
    version: integer('version'),
    lastVersion: scorer.optionalNumber('last_version') ?? integer('version'),
    revision: integer('revision'),
    samplingConfig: sampleRate === null ? null : Object.freeze({ sampleRate, filterString }),
    includeEvaluationRuns: scorer.json['include_evaluation_runs'] === true,
    definition: isJsonObject(definition) ? deepFreeze(definition) : null,
    updatedAt: scorer.string('updated_at'),
    updatedBy: scorer.string('updated_by'),
  });
}

function isStatus(value: unknown): value is RegisteredStatus {
  return STATUSES.has(value);
}

/** The service answers in a way that this version does not understand. */
export function strangeAnswer(expected: string, cause: unknown): AssayClientError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new AssayClientError({
    code: 'SERVICE_UNREACHABLE',
    detail: `the service did not answer with a ${expected} that this version of @assay/sdk can read (${reason}); is it an Assay service, and of the same version?`,
    status: 200,
    cause,
  });
}
