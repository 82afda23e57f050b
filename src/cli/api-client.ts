import type { z } from 'zod';
import { problemBody, type ProblemBody } from '../contract/http/problem.ts';
import { AssayError, ERROR_CODES, type ErrorCode } from '../core/errors.ts';

export interface ApiClientOptions {
  /** Where the service is; may have a path. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** Who asks, for the history of scorers. */
  readonly author: string;
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/** An answer: the text as the service wrote it, and what it says. */
export interface Answer<Body> {
  readonly text: string;
  readonly body: Body;
}

/** Talks to the HTTP API. Throws AssayErrors with the code the service gave, or SERVICE_UNREACHABLE. */
export interface ApiClient {
  get<Body>(path: string, schema: z.ZodType<Body>): Promise<Answer<Body>>;
  post<Body>(path: string, body: unknown, schema: z.ZodType<Body>): Promise<Answer<Body>>;
  delete<Body>(path: string, schema: z.ZodType<Body>): Promise<Answer<Body>>;
}

const DEFAULT_TIMEOUT_MS = 30_000;
/** Statuses that say: not now. */
const RETRYABLE: ReadonlySet<number> = new Set([429, 503, 504]);

export function createApiClient(options: ApiClientOptions): ApiClient {
  const base = toBase(options.url);

  async function call<Body>(
    method: string,
    path: string,
    { schema, body }: { readonly schema: z.ZodType<Body>; readonly body?: unknown },
  ): Promise<Answer<Body>> {
    const { status, text } = await request(`${base}${path}`, {
      method,
      headers: toHeaders(options, body !== undefined),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = parseJson(text);
    if (status >= 400) throw toError(json, { status, url: base });
    const parsed = schema.safeParse(json);
    if (parsed.success) return { text, body: parsed.data };
    throw notAssay(base, status);
  }

  async function request(
    url: string,
    init: RequestInit,
  ): Promise<{ status: number; text: string }> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
    try {
      const signal = AbortSignal.any([options.signal, timeout]);
      const response = await fetch(url, { ...init, signal });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      options.signal.throwIfAborted();
      throw unreachable(base, timeout.aborted ? 'it took too long' : reasonOf(error), error);
    }
  }

  return {
    get: (path, schema) => call('GET', path, { schema }),
    post: (path, body, schema) => call('POST', path, { schema, body }),
    delete: (path, schema) => call('DELETE', path, { schema }),
  };
}

function toBase(url: string): string {
  const { username, password } = new URL(url);
  if (username === '' && password === '') return url.replace(/\/+$/, '');
  const message = 'The URL of the service cannot hold a login; send an API key by ASSAY_API_KEY.';
  throw new AssayError('CONFIG_INVALID', message);
}

function toHeaders({ apiKey, author }: ApiClientOptions, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    // Header values are latin-1 at most, names of people are not.
    'x-assay-author': author.replace(/[^\x20-\x7e]/g, '?'),
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
  };
}

/** undefined when the text is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toError(json: unknown, { status, url }: { status: number; url: string }): AssayError {
  const problem = problemBody.safeParse(json);
  if (!problem.success) return notAssay(url, status);
  const { type: _type, title: _title, instance: _instance, ...rest } = problem.data;
  const { detail, code, status: _status, ...context } = rest;
  const known = toErrorCode(problem.data);
  const message = known === code ? detail : `${code}: ${detail}`;
  return new AssayError(known, message, { context, retryable: RETRYABLE.has(status) });
}

/** A newer service may have codes that this version does not know. */
function toErrorCode({ code, status }: ProblemBody): ErrorCode {
  if (isErrorCode(code)) return code;
  return status >= 500 ? 'INTERNAL' : 'BAD_REQUEST';
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code);
}

function unreachable(url: string, reason: string, cause?: unknown): AssayError {
  const message = `the Assay service does not answer at ${url} (${reason}); start it with \`assay serve\`, or name another with --url or ASSAY_URL`;
  return new AssayError('SERVICE_UNREACHABLE', message, {
    retryable: true,
    context: { url },
    cause,
  });
}

function notAssay(url: string, status: number): AssayError {
  const message = `what answers at ${url} is not an Assay service of this version (HTTP ${status}); name another with --url or ASSAY_URL`;
  return new AssayError('SERVICE_UNREACHABLE', message, { context: { url, status } });
}

/** fetch hides the reason one level down. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string')
    return cause.code;
  return 'no connection';
}
