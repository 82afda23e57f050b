import type { Trace } from '@assay/sdk';
import type { ArchiveRow } from '../core/archive-row.ts';
import { checkCodeScorer } from '../core/code-scorer/check-code-scorer.ts';
import type { PassReason } from '../core/decisions.ts';
import { ineligible } from '../core/eligibility.ts';
import { AssayError } from '../core/errors.ts';
import { toPickResult } from '../core/feedback/to-pick-result.ts';
import { compileFilter } from '../core/filter/evaluate/compile-filter.ts';
import { toFilterFacts } from '../core/filter/facts.ts';
import { requireFilter } from '../core/filter/parse/require-filter.ts';
import { pickKey } from '../core/ids.ts';
import type { Pick as TracePick } from '../core/result.ts';
import type { Clock } from '../ports/clock.ts';
import type { LoadedScorer } from '../ports/scorer-runtime.ts';
import type {
  ScorerTrial,
  TrialReport,
  TrialRequest,
  TriedScorer,
  TriedTrace,
} from '../ports/scorer-trial.ts';
import type { ScorerLifecycle } from '../ports/service.ts';
import type { TraceSearch } from '../ports/trace-search.ts';
import { callScorer } from './call-scorer.ts';
import type { ScorerRuntimes } from './compile-config.ts';
import { readStoredTrace } from './read-stored-trace.ts';
import { requireLoadedVersion } from './require-loaded-version.ts';
import { requireRuntime } from './require-runtime.ts';
import { Slots } from './slots.ts';
import type { ScorerLimits } from './steps/run-scorer.ts';
import { takeTurns } from './take-turns.ts';

const DEFAULT_TRACES = 20;
const MAX_TRACES = 500;
/** As a preview of a filter does: a filter that matches few traces ends somewhere. */
const MAX_RECORDS = 5_000;
const PAGE_ROWS = 100;
/** After so long no more traces are taken up; the report says that it is not complete. */
const MAX_TRIAL_MS = 30_000;
/** Calls at once of one trial, whatever the scorer says: the live path runs in the same process. */
const MAX_CALLS = 8;
const MAX_TRIALS = 2;

export interface TrialPorts {
  readonly scorers: Pick<ScorerLifecycle, 'get'>;
  readonly runtimes: ScorerRuntimes;
  readonly search: TraceSearch;
  readonly clock: Clock;
}

/** What is tried, ready to run. */
interface Tried {
  readonly scorer: TrialReport['scorer'];
  readonly loaded: LoadedScorer;
  readonly filterString: string | null;
  readonly includeEvaluationRuns: boolean;
}

/**
 * Runs scorers over the newest stored traces as the live path would: the same filter, the same time limit, the same rules
 * for what may be returned. Sampling is left out, and nothing is stored or published.
 */
export function createScorerTrial(ports: TrialPorts, limits: ScorerLimits): ScorerTrial {
  const trials = new Slots(MAX_TRIALS);
  return {
    async test(request) {
      const last = requireLast(request.last ?? DEFAULT_TRACES);
      if (request.filterString !== undefined) requireFilter(request.filterString);
      const tried = await open(request, ports);
      const signal = request.signal ?? new AbortController().signal;
      const run = new TrialRun(ports, { request, tried, last, limits, signal });
      return trials.use(signal, () => run.report());
    },
  };
}

async function open(request: TrialRequest, { scorers, runtimes }: TrialPorts): Promise<Tried> {
  const { experimentId, scorer } = request;
  const asked = request.filterString === undefined ? null : request.filterString || null;
  if (scorer.kind === 'definition') {
    const { kind, ...fields } = scorer.request;
    const runtime = requireRuntime(runtimes, kind);
    const definition = await runtime.define(fields);
    const loaded = runtime.load(definition);
    if (loaded === undefined) {
      throw new AssayError('SCORER_NOT_LOADED', 'this instance cannot run what it has defined');
    }
    const named = { name: nameOf(scorer), kind: definition.kind, version: null };
    return { scorer: named, loaded, filterString: asked, includeEvaluationRuns: false };
  }
  const state = await scorers.get(experimentId, scorer.name);
  const { version, loaded } = requireLoadedVersion(state, scorer.version, runtimes);
  return {
    scorer: { name: state.name, kind: version.definition.kind, version: version.version },
    loaded,
    filterString: request.filterString === undefined ? state.filterString : asked,
    includeEvaluationRuns: state.includeEvaluationRuns,
  };
}

/** What unnamed feedback is called, since a registration without a name has none. */
function nameOf({ request }: TriedScorer & { readonly kind: 'definition' }): string {
  const { source } = request;
  if (typeof source === 'string') {
    const check = checkCodeScorer(source);
    if (check.ok && check.code.options.name !== undefined) return check.code.options.name;
  }
  const named = [request['module_scorer'], request['builtin'], request['judge']];
  const name = named.find((each): each is string => typeof each === 'string');
  return name ?? 'scorer';
}

interface TrialPlan {
  readonly request: TrialRequest;
  readonly tried: Tried;
  readonly last: number;
  readonly limits: ScorerLimits;
  readonly signal: AbortSignal;
}

/** One trial: takes up traces until there are enough, and calls the scorer on some of them at once. */
class TrialRun {
  readonly #ports: TrialPorts;
  readonly #plan: TrialPlan;
  readonly #ineligible = new Map<PassReason, number>();
  /** By the order in which they were taken up; a call that was given up leaves a gap. */
  readonly #traces: (TriedTrace | undefined)[] = [];
  #lookedAt = 0;
  #complete = true;

  constructor(ports: TrialPorts, plan: TrialPlan) {
    this.#ports = ports;
    this.#plan = plan;
  }

  async report(): Promise<TrialReport> {
    const { tried, limits } = this.#plan;
    const calls = Math.min(tried.loaded.concurrency ?? limits.concurrency, MAX_CALLS);
    const running = new Set<Promise<void>>();
    let taken = 0;
    for await (const { row, trace } of this.#eligible()) {
      const place = taken++;
      const call = this.#call(row, trace).then((result) => {
        running.delete(call);
        if (result !== undefined) this.#traces[place] = result;
      });
      running.add(call);
      if (running.size >= calls) await Promise.race(running);
    }
    await Promise.all(running);
    return {
      scorer: tried.scorer,
      filterString: tried.filterString,
      traces: this.#traces.filter((each) => each !== undefined),
      lookedAt: this.#lookedAt,
      ineligible: Object.fromEntries(this.#ineligible),
      complete: this.#complete,
    };
  }

  /** The newest traces that a scorer with this filter would see, each by its newest record. */
  async *#eligible(): AsyncGenerator<{ readonly row: ArchiveRow; readonly trace: Trace }> {
    const { request, tried, last, signal } = this.#plan;
    const { search, clock } = this.#ports;
    const { experimentId } = request;
    const matches = compileFilter(requireFilter(tried.filterString ?? ''));
    const endMs = clock.now() + MAX_TRIAL_MS;
    const nextTurn = takeTurns(clock);
    const seen = new Set<string>();
    let found = 0;
    const pages = search.newest({ experimentId, limit: MAX_RECORDS, pageSize: PAGE_ROWS });
    for await (const page of pages) {
      for (const { row } of page.map(({ stored }) => stored)) {
        if (signal.aborted || clock.now() >= endMs) {
          this.#complete = false;
          return;
        }
        if (seen.has(row.canonicalTraceId)) continue;
        seen.add(row.canonicalTraceId);
        await nextTurn();
        this.#lookedAt += 1;
        const trace = readStoredTrace(row);
        if (trace === undefined || !matches(toFilterFacts(trace))) continue;
        if (this.#countIneligible(trace)) continue;
        yield { row, trace };
        if (++found === last) return;
      }
    }
  }

  #countIneligible(trace: Trace): boolean {
    const reason = ineligible(trace);
    if (reason === undefined) return false;
    if (reason === 'evaluation_run' && this.#plan.tried.includeEvaluationRuns) return false;
    this.#ineligible.set(reason, (this.#ineligible.get(reason) ?? 0) + 1);
    return true;
  }

  /** undefined when the trial was given up meanwhile. */
  async #call(row: ArchiveRow, trace: Trace): Promise<TriedTrace | undefined> {
    const { tried, limits, signal } = this.#plan;
    const { clock } = this.#ports;
    const startedMs = clock.now();
    try {
      const call = { clock, timeoutMs: limits.timeoutMs, signal };
      const returned = await callScorer(tried.loaded, trace, call);
      const endedMs = clock.now();
      const pick = toPick(row, tried);
      const { outcome, reason, feedback } = toPickResult({ pick, returned, createdAtMs: endedMs });
      const { traceId, name } = row;
      const latencyMs = endedMs - startedMs;
      return { traceId, name, outcome, reason, feedback, latencyMs };
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#complete = false;
      return undefined;
    }
  }
}

/** As if the live path had picked the trace for a version that follows; the ids are shown to nobody. */
function toPick(row: ArchiveRow, { scorer: { name, kind, version } }: Tried): TracePick {
  const { experimentId, canonicalTraceId, traceId, samplePosition, position } = row;
  const scorer = { name, version: version ?? 1, revision: 0, kind, sampleRate: 1 };
  return {
    key: pickKey({ experimentId, canonicalTraceId, scorer: name, version: scorer.version }),
    experimentId,
    traceId,
    scorer,
    samplePosition,
    position,
    recordTimestampMs: row.recordTimestampMs,
    cause: { kind: 'live' },
  };
}

function requireLast(last: number): number {
  if (Number.isInteger(last) && last >= 1 && last <= MAX_TRACES) return last;
  throw new AssayError(
    'BAD_REQUEST',
    `last is ${last}: expected a whole number from 1 to ${MAX_TRACES}`,
    { context: { field: 'last' } },
  );
}
