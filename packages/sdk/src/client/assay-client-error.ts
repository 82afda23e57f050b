/** Codes of the service that callers of the client meet; docs/errors.md says what each means. */
export type ServiceErrorCode =
  | 'BAD_REQUEST'
  | 'BROKER_UNAVAILABLE'
  | 'DATABASE_UNAVAILABLE'
  | 'EXPERIMENT_NOT_FOUND'
  | 'FILTER_INVALID'
  | 'INTERNAL'
  | 'REQUEST_FORBIDDEN'
  | 'ROUTE_NOT_FOUND'
  | 'SAMPLE_RATE_INVALID'
  | 'SCORER_ALREADY_REGISTERED'
  | 'SCORER_DEFINITION_INVALID'
  | 'SCORER_LIMIT_REACHED'
  | 'SCORER_NOT_FOUND'
  | 'SCORER_NOT_LOADED'
  | 'SCORER_VERSION_NOT_FOUND'
  | 'TRACE_NOT_FOUND';

/** Codes of the client itself: a bad setting, no answer, and a lifecycle call on a scorer that was never registered. */
type ClientCode = 'CONFIG_INVALID' | 'SCORER_NOT_REGISTERED' | 'SERVICE_UNREACHABLE';

/** A newer service may have codes that this version does not know. */
export type AssayClientErrorCode = ServiceErrorCode | ClientCode | (string & {});

export interface AssayClientErrorInit {
  readonly code: AssayClientErrorCode;
  /** What went wrong with which thing, and what to do. */
  readonly detail: string;
  readonly status?: number | null;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The service refused a call, or could not be reached. Callers ask `code` and `retryable`, never the text. */
export class AssayClientError extends Error {
  readonly code: AssayClientErrorCode;
  /** Of HTTP; null where no answer came. */
  readonly status: number | null;
  /** The message: what went wrong with which thing, and what to do. */
  readonly detail: string;
  /** Further members of the RFC 9457 problem, spelled as the service spells them: `column` and `expected` of a filter, for example. */
  readonly context: Readonly<Record<string, unknown>>;

  constructor({ code, detail, status = null, context = {}, cause }: AssayClientErrorInit) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'AssayClientError';
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.context = context;
  }

  /** Whether the same call may succeed later: nothing answered, or the service waits for Kafka or Postgres. */
  get retryable(): boolean {
    return this.status === 503 || (this.status === null && this.code === 'SERVICE_UNREACHABLE');
  }
}
