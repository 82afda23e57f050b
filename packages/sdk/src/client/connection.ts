/** One call of the API. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/v1`, with encoded parts: `/experiments/0/scorers`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What JSON can hold. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

export const CONNECTION_BRAND = Symbol.for('assay.connection');

/** What scorers need of a client: AssayClient is one. */
export interface AssayConnection {
  readonly [CONNECTION_BRAND]: true;
  /** The experiment that is meant when none is given. */
  readonly experimentId: string;
  /** The JSON that the service answers. Rejects with AssayClientError. */
  request(request: ApiRequest): Promise<unknown>;
}

/** True also for a client that was made by another copy of this package. */
export function isConnection(value: unknown): value is AssayConnection {
  return typeof value === 'object' && value !== null && CONNECTION_BRAND in value;
}

/** `/experiments/<id>/…` with every part encoded. */
export function experimentPath(experimentId: string, ...parts: readonly string[]): string {
  return ['/experiments', ...[experimentId, ...parts].map(encodeURIComponent)].join('/');
}
