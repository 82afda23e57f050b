import { parseTrace } from '../parse-trace.ts';
import { type FieldReader, readFields } from '../read-fields.ts';
import type { Trace } from '../trace.ts';
import {
  type AssayClientOptions,
  type ClientSettings,
  toClientSettings,
} from './client-settings.ts';
import {
  type ApiRequest,
  type AssayConnection,
  CONNECTION_BRAND,
  experimentPath,
} from './connection.ts';
import type { FilterCheck, FilterCheckOptions } from './filter-check.ts';
import { iterateTraces, type TracesOptions } from './iterate-traces.ts';
import { strangeAnswer } from './read-registration.ts';
import { notAssay, parseAnswer, sendRequest } from './send-request.ts';
import { toCamelCase } from './to-camel-case.ts';
import type { ExplainOptions, TraceExplanation } from './trace-explanation.ts';
import type { CallOptions, FoundTrace, SearchOptions, TracePage } from './trace-search.ts';

/**
 * Talks to an Assay service. Making one sends nothing. All methods reject with AssayClientError: with the service's
 * code where it answered, with SERVICE_UNREACHABLE where it did not. Immutable.
 *
 *     const client = new AssayClient({ url: 'http://127.0.0.1:8080' });
 *     const registered = await mentionsRefund.register(client);
 *     await registered.start({ samplingConfig: { sampleRate: 0.2 } });
 */
export class AssayClient implements AssayConnection {
  readonly url: string;
  readonly experimentId: string;
  /** Holds the API key, so it is not to be seen from outside. */
  readonly #settings: ClientSettings;

  /** Throws AssayClientError CONFIG_INVALID when an option or its variable in the environment is not usable. */
  constructor(options: AssayClientOptions = {}) {
    this.#settings = toClientSettings(options);
    this.url = this.#settings.url;
    this.experimentId = this.#settings.experimentId;
    Object.freeze(this);
  }

  get [CONNECTION_BRAND](): true {
    return true;
  }

  /** Any call of the API (`/openapi.json` describes them), for what has no method here. Fields stay as the service spells them. */
  async request(request: ApiRequest): Promise<unknown> {
    const answer = parseAnswer(await sendRequest(this.#settings, request));
    if (answer === undefined) throw notAssay(this.url, 200);
    return answer;
  }

  /** One page of the stored traces that match. */
  async searchTraces(options: SearchOptions = {}): Promise<TracePage> {
    const { experimentId = this.experimentId, filterString, maxResults, orderBy } = options;
    const { pageToken, signal } = options;
    const answer = await this.request({
      method: 'GET',
      path: experimentPath(experimentId, 'traces'),
      query: {
        filter_string: filterString,
        max_results: maxResults === undefined ? undefined : String(maxResults),
        order_by: orderBy,
        page_token: pageToken,
      },
      signal,
    });
    return reading('page of traces', () => {
      const page = readFields(answer);
      return {
        traces: page.objects('traces').map((found) => this.#toFoundTrace(found, experimentId)),
        nextPageToken: page.optionalString('next_page_token'),
      };
    });
  }

  /**
   * The stored traces that match, whole and one after the other: for `for await`, and for `evaluate`. Nothing is asked
   * for before the first is taken. A trace that is deleted meanwhile is left out.
   */
  traces(options: TracesOptions = {}): AsyncGenerator<Trace, void, undefined> {
    return iterateTraces((search) => this.searchTraces(search), options);
  }

  /** A stored trace with Assay's feedback among its assessments; any spelling of the id will do. Rejects with TRACE_NOT_FOUND. */
  async getTrace(
    traceId: string,
    { experimentId = this.experimentId, signal }: CallOptions = {},
  ): Promise<Trace> {
    const path = experimentPath(experimentId, 'traces', traceId);
    // As text: numbers of JSON hold no nanoseconds.
    const text = await sendRequest(this.#settings, { method: 'GET', path, signal });
    return reading('trace', () => parseTrace(text));
  }

  /** Rejects with FILTER_INVALID, `column` and `expected` in its context, where the filter is not valid. */
  async checkFilter(filterString: string, options: FilterCheckOptions = {}): Promise<FilterCheck> {
    const { experimentId = this.experimentId, preview, sampleRate, signal } = options;
    const answer = await this.request({
      method: 'POST',
      path: '/filters/check',
      body: {
        filter_string: filterString,
        experiment_id: experimentId,
        preview,
        sample_rate: sampleRate,
      },
      signal,
    });
    return reading('checked filter', () => {
      readFields(answer).string('normalized');
      // The other fields are those of the API's description.
      return toCamelCase(answer) as FilterCheck;
    });
  }

  /** Why scorers did or did not score a trace. */
  async explain(traceId: string, options: ExplainOptions = {}): Promise<TraceExplanation> {
    const { experimentId = this.experimentId, scorer, signal } = options;
    const answer = await this.request({
      method: 'GET',
      path: experimentPath(experimentId, 'traces', traceId, 'explain'),
      query: { scorer },
      signal,
    });
    return reading('explained trace', () => {
      readFields(answer).string('decision');
      // The other fields are those of the API's description.
      return toCamelCase(answer) as TraceExplanation;
    });
  }

  #toFoundTrace(found: FieldReader, experimentId: string): FoundTrace {
    const traceId = found.string('trace_id');
    // The other fields are those of the API's description.
    const facts = toCamelCase(found.json) as Omit<FoundTrace, 'load'>;
    return Object.freeze({
      ...facts,
      load: ({ signal }: Pick<CallOptions, 'signal'> = {}) =>
        this.getTrace(traceId, { experimentId, signal }),
    });
  }
}

/** What `read` makes of an answer; that it is not as expected becomes an AssayClientError. */
function reading<T>(expected: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw strangeAnswer(expected, cause);
  }
}
