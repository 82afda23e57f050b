import { isJsonObject } from '../read-fields.ts';
import { AssayClientError } from './assay-client-error.ts';
import type { ClientSettings } from './client-settings.ts';
import type { ApiRequest } from './connection.ts';

/**
 * The text of a successful answer. Rejects with AssayClientError: the service's code where it answered,
 * SERVICE_UNREACHABLE where nothing did or something else did; with the signal's reason where the caller gave up.
 */
export async function sendRequest(settings: ClientSettings, request: ApiRequest): Promise<string> {
  const { status, text } = await receive(settings, request);
  if (status >= 200 && status < 300) return text;
  throw toError(parseAnswer(text), { status, url: settings.url });
}

async function receive(
  settings: ClientSettings,
  { method, path, query = {}, body, signal }: ApiRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(settings.timeoutMs);
  try {
    const response = await settings.fetch(`${settings.url}/api/v1${path}${toQuery(query)}`, {
      method,
      headers: toHeaders(settings, body !== undefined),
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const reason = timeout.aborted ? `no answer within ${settings.timeoutMs} ms` : reasonOf(error);
    throw unreachable(settings.url, reason, error);
  }
}

function toQuery(query: NonNullable<ApiRequest['query']>): string {
  const parameters = new URLSearchParams();
  for (const [name, value = []] of Object.entries(query)) {
    for (const each of typeof value === 'string' ? [value] : value) parameters.append(name, each);
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

function toHeaders({ apiKey, author }: ClientSettings, hasBody: boolean): Record<string, string> {
  return {
    accept: 'application/json',
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    // Header values are latin-1 at most, names of people are not.
    ...(author !== undefined && { 'x-assay-author': author.replace(/[^\x20-\x7e]/g, '?') }),
  };
}

/** undefined when the text is not JSON. */
export function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error in an RFC 9457 problem. */
function toError(
  problem: unknown,
  answer: { readonly status: number; readonly url: string },
): AssayClientError {
  if (!isJsonObject(problem)) return notAssay(answer.url, answer.status);
  const { code, detail, type: _type, title: _title, instance: _instance, ...others } = problem;
  if (typeof code !== 'string' || typeof detail !== 'string') {
    return notAssay(answer.url, answer.status);
  }
  const { status: _status, ...context } = others;
  return new AssayClientError({ code, detail, status: answer.status, context });
}

function unreachable(url: string, reason: string, cause: unknown): AssayClientError {
  return new AssayClientError({
    code: 'SERVICE_UNREACHABLE',
    detail: `the Assay service does not answer at ${url} (${reason}); start it with \`assay serve\`, or give the client another url, or ASSAY_URL`,
    context: { url },
    cause,
  });
}

/** What answers is not Assay, or Assay of a version that this client does not understand. */
export function notAssay(url: string, status: number): AssayClientError {
  return new AssayClientError({
    code: 'SERVICE_UNREACHABLE',
    detail: `what answers at ${url} is not an Assay service of this version (HTTP ${status}); give the client another url, or ASSAY_URL`,
    status,
    context: { url },
  });
}

/** fetch hides the reason one level down. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const isCoded = typeof cause === 'object' && cause !== null && 'code' in cause;
  return isCoded && typeof cause.code === 'string' ? cause.code : 'no connection';
}
