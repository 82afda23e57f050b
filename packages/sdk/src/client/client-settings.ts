import { AssayClientError } from './assay-client-error.ts';

/** The platform's fetch, or one in its place. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface AssayClientOptions {
  /** Where the service is; may have a path. `ASSAY_URL`, else `http://127.0.0.1:8080`. */
  readonly url?: string | undefined;
  /** `ASSAY_API_KEY`, else none. */
  readonly apiKey?: string | undefined;
  /** The experiment that is meant when a call names none. `ASSAY_EXPERIMENT_ID`, else `0`. */
  readonly experimentId?: string | undefined;
  /** Who makes changes, for the history of scorers. */
  readonly author?: string | undefined;
  readonly fetch?: Fetch | undefined;
  /** Longest wait for one answer; 30,000 when left out. */
  readonly timeoutMs?: number | undefined;
}

export interface ClientSettings {
  /** Without a slash at the end. */
  readonly url: string;
  readonly apiKey: string | undefined;
  readonly experimentId: string;
  readonly author: string | undefined;
  readonly fetch: Fetch;
  readonly timeoutMs: number;
}

const DEFAULT_URL = 'http://127.0.0.1:8080';
const DEFAULT_TIMEOUT_MS = 30_000;

/** What was given, else what the environment says, else the default. Throws AssayClientError CONFIG_INVALID. */
export function toClientSettings(options: AssayClientOptions): ClientSettings {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
    throw invalid(`timeoutMs must be a number of milliseconds above 0, got ${String(timeoutMs)}`);
  }
  const apiKey = options.apiKey ?? readEnvironment('ASSAY_API_KEY');
  // Never shown, and fetch would show it in its own error.
  if (apiKey !== undefined && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw invalid(
      'the API key has a character that no key has, such as a blank or a line end; give apiKey, or ASSAY_API_KEY, as it was created',
    );
  }
  return {
    url: toBase(options.url ?? readEnvironment('ASSAY_URL') ?? DEFAULT_URL),
    apiKey,
    experimentId: options.experimentId ?? readEnvironment('ASSAY_EXPERIMENT_ID') ?? '0',
    author: options.author,
    // Called as a method of another object, the fetch of browsers refuses to work.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    timeoutMs,
  };
}

function toBase(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') {
    throw invalid(
      `the URL of the Assay service must begin with http:// or https://; give url, or ASSAY_URL, such as ${DEFAULT_URL}`,
    );
  }
  if (parsed.username !== '' || parsed.password !== '') {
    throw invalid(
      'the URL of the Assay service cannot hold a login; give apiKey, or ASSAY_API_KEY',
    );
  }
  return `${parsed.origin}${parsed.pathname}`.replace(/\/+$/, '');
}

/** A variable of the environment where the platform has one; an empty one is none. */
function readEnvironment(name: string): string | undefined {
  const platform: unknown = Reflect.get(globalThis, 'process');
  const environment = fieldOf(platform, 'env');
  const value = fieldOf(environment, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function fieldOf(from: unknown, key: string): unknown {
  return typeof from === 'object' && from !== null ? Reflect.get(from, key) : undefined;
}

function invalid(detail: string): AssayClientError {
  return new AssayClientError({ code: 'CONFIG_INVALID', detail });
}
