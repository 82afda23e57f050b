import type { JsonObject } from '../json.ts';
import type { SamplingConfig } from '../sampling-config.ts';
import { ScorerDefinitionError } from '../scorer-definition-error.ts';
import type { AssayConnection } from './connection.ts';
import {
  createLifecycle,
  type LifecycleArguments,
  type LifecycleCalls,
  type RegisterOptions,
  type ScorerLifecycle,
  type StartOptions,
  type TargetOptions,
} from './lifecycle.ts';
import type { Registration, ScorerStatus } from './registration.ts';

interface ServiceScorerInit {
  readonly name: string;
  /** `kind` and its fields, as a registration has them. */
  readonly definition: JsonObject;
  readonly registration: Registration | null;
}

/**
 * A scorer that the service runs and this program cannot: a built-in, or one that getScorer and listScorers found.
 * Its code never comes here. Immutable.
 */
export class ServiceScorer implements ScorerLifecycle<ServiceScorer> {
  readonly name: string;
  readonly definition: JsonObject;
  readonly registration: Registration | null;

  constructor({ name, definition, registration }: ServiceScorerInit) {
    this.name = name;
    this.definition = Object.freeze({ ...definition });
    this.registration = registration;
    Object.freeze(this);
  }

  /** One that the service has. */
  static of(registration: Registration): ServiceScorer {
    const { name, kind, definition } = registration;
    return new ServiceScorer({ name, definition: definition ?? { kind }, registration });
  }

  /** `builtin`, `module`, `code` or `judge`. */
  get kind(): string {
    return String(this.definition['kind']);
  }
  get status(): ScorerStatus {
    return this.registration?.status ?? 'unregistered';
  }
  get experimentId(): string | null {
    return this.registration?.experimentId ?? null;
  }
  get version(): number | null {
    return this.registration?.version ?? null;
  }
  get revision(): number | null {
    return this.registration?.revision ?? null;
  }
  get samplingConfig(): SamplingConfig | null {
    return this.registration?.samplingConfig ?? null;
  }
  /** null until the scorer is started, 0 when it is stopped. */
  get sampleRate(): number | null {
    return this.samplingConfig?.sampleRate ?? null;
  }
  get filterString(): string | null {
    return this.samplingConfig?.filterString ?? null;
  }

  async register(client: AssayConnection, options?: RegisterOptions): Promise<ServiceScorer> {
    return this.#lifecycle().register(client, options);
  }
  start(client: AssayConnection, options?: StartOptions): Promise<ServiceScorer>;
  start(options?: StartOptions): Promise<ServiceScorer>;
  async start(...args: LifecycleArguments<StartOptions>): Promise<ServiceScorer> {
    return this.#lifecycle().change('start', args);
  }
  update(client: AssayConnection, options?: StartOptions): Promise<ServiceScorer>;
  update(options?: StartOptions): Promise<ServiceScorer>;
  async update(...args: LifecycleArguments<StartOptions>): Promise<ServiceScorer> {
    return this.#lifecycle().change('update', args);
  }
  stop(client: AssayConnection, options?: TargetOptions): Promise<ServiceScorer>;
  stop(options?: TargetOptions): Promise<ServiceScorer>;
  async stop(...args: LifecycleArguments<TargetOptions>): Promise<ServiceScorer> {
    return this.#lifecycle().change('stop', args);
  }
  delete(client: AssayConnection, options?: TargetOptions): Promise<ServiceScorer>;
  delete(options?: TargetOptions): Promise<ServiceScorer>;
  async delete(...args: LifecycleArguments<TargetOptions>): Promise<ServiceScorer> {
    return this.#lifecycle().change('delete', args);
  }

  #lifecycle(): LifecycleCalls<ServiceScorer> {
    const { name, kind, registration } = this;
    return createLifecycle<ServiceScorer>({
      name,
      registration,
      definition: ({ as }) => {
        if (as === undefined || as === kind) return toRequest(this.definition);
        throw new ScorerDefinitionError('as', `scorer '${name}' is of kind ${kind}, not ${as}`);
      },
      withRegistration: (next) =>
        new ServiceScorer({
          name: next.name,
          definition: next.definition ?? this.definition,
          registration: next,
        }),
    });
  }
}

/** Fields that the service adds when it defines a version; it takes none of them. */
const ADDED_FIELDS: ReadonlySet<string> = new Set(['revision', 'code_hash']);

function toRequest(definition: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(definition).filter(
      ([field, value]) => !ADDED_FIELDS.has(field) && value !== null,
    ),
  );
}
