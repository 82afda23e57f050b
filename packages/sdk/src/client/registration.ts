import type { JsonObject } from '../json.ts';
import type { SamplingConfig } from '../sampling-config.ts';
import type { AssayConnection } from './connection.ts';

export type RegisteredStatus = 'registered' | 'active' | 'stopped' | 'deleted';
export type ScorerStatus = 'unregistered' | RegisteredStatus;

/** How a scorer stood in the service when it was last asked. Immutable. */
export interface Registration {
  /** Whom it was registered with; later calls go there. */
  readonly client: AssayConnection;
  readonly experimentId: string;
  /** The registered name, unique within the experiment. */
  readonly name: string;
  readonly kind: string;
  readonly status: RegisteredStatus;
  /** The version in force. */
  readonly version: number;
  /** The highest number this name ever had. */
  readonly lastVersion: number;
  /** The configuration revision that made this state. */
  readonly revision: number;
  /** null until started. */
  readonly samplingConfig: SamplingConfig | null;
  /** Whether traces of evaluation runs are scored too. */
  readonly includeEvaluationRuns: boolean;
  /** What the version in force is, as the service keeps it; null when deleted. */
  readonly definition: JsonObject | null;
  /** RFC 3339 in UTC. */
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** What a scorer says of its registration: null where it has none. */
export interface RegistrationFacts {
  readonly registration: Registration | null;
  readonly status: ScorerStatus;
  readonly experimentId: string | null;
  readonly version: number | null;
  readonly revision: number | null;
}

export function registrationFacts(registration: Registration | null): RegistrationFacts {
  return {
    registration,
    status: registration?.status ?? 'unregistered',
    experimentId: registration?.experimentId ?? null,
    version: registration?.version ?? null,
    revision: registration?.revision ?? null,
  };
}
