import { ineligible } from '../core/eligibility.ts';
import { AssayError } from '../core/errors.ts';
import { explainNow } from '../core/explain/explain-now.ts';
import { explainOpenPick } from '../core/explain/explain-open-pick.ts';
import { explainResult } from '../core/explain/explain-past.ts';
import { explainRecord } from '../core/explain/explain-record.ts';
import { explainTrace } from '../core/explain/explain-trace.ts';
import { isResultOf, type JudgedRecord } from '../core/explain/judged-record.ts';
import { keySpellings } from '../core/explain/key-spellings.ts';
import { asOfNow, type ScorerAsOf } from '../core/explain/scorer-as-of.ts';
import type { ScorerExplanation } from '../core/explain/scorer-explanation.ts';
import { toFilterFacts } from '../core/filter/facts.ts';
import type { PickResult } from '../core/result.ts';
import { samplePosition } from '../core/sample.ts';
import type { ScorerState } from '../core/scorer-state.ts';
import { canonicalTraceId } from '../core/trace-id.ts';
import type { StoredTrace, TraceRecords } from '../ports/archive.ts';
import type { DeadLetterIndex } from '../ports/dead-letter-index.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { Registry } from '../ports/registry.ts';
import type {
  ExplainedRecord,
  RecordExplanation,
  TraceExplainer,
  TraceExplanation,
} from '../ports/trace-queries.ts';
import type { ConfigInForce } from './config-in-force.ts';
import { readStoredTrace } from './read-stored-trace.ts';

/** Records of one trace id that are explained; of more, only the newest. */
const MAX_RECORDS = 10;
const MAX_DEAD_LETTERS = 10;

export interface ExplainPorts {
  readonly records: TraceRecords;
  readonly ledger: Pick<Ledger, 'resultsOfTrace'>;
  readonly registry: Pick<Registry, 'get' | 'list' | 'revisions' | 'configAt'>;
  readonly deadLetterIndex: Pick<DeadLetterIndex, 'findByKeys'>;
  /** The configuration in force on this instance: what it cannot run. */
  readonly config: () => ConfigInForce;
}

export interface ExplainOptions {
  readonly samplingCohort: string;
}

type Request = Parameters<TraceExplainer['explain']>[0];

interface StoredRecord extends StoredTrace {
  /** undefined where its text can no longer be read. */
  readonly judged: JudgedRecord | undefined;
}

/** What is stored about a trace id. */
interface Stored {
  readonly request: Request;
  readonly canonicalId: string;
  /** Newest first. */
  readonly records: readonly StoredRecord[];
  /** Of all scorers, newest last. */
  readonly allResults: readonly PickResult[];
  /** The same of the one scorer that is asked about, if one is. */
  readonly results: readonly PickResult[];
  /** Registered scorers; only the one that is asked about, if one is. */
  readonly scorers: readonly ScorerState[];
}

/** Explains out of archive, ledger, history of the configuration and index of dead letters. */
export function createTraceExplainer(ports: ExplainPorts, options: ExplainOptions): TraceExplainer {
  return {
    async explain(request) {
      if (request.scorer !== undefined) await requireKnown(ports.registry, request);
      const stored = await readStored(ports, request);
      const explained: RecordExplanation[] = [];
      for (const record of stored.records) {
        explained.push(await explainStoredRecord(ports, stored, record));
      }
      const [newest, ...earlier] = explained;
      return {
        ...(await explainWhole(ports, stored)),
        record: newest?.record ?? null,
        scorers: newest?.scorers ?? explainResultsOnly(stored.results),
        earlier,
        now: decideNow(ports, stored, options),
      };
    },
  };
}

async function requireKnown(registry: ExplainPorts['registry'], request: Request): Promise<void> {
  const { experimentId, scorer = '' } = request;
  if ((await registry.get(experimentId, scorer)) !== undefined) return;
  const registered = (await registry.list(experimentId)).map(({ name }) => name);
  const there = registered.length === 0 ? 'it has none' : `there are: ${registered.join(', ')}`;
  throw new AssayError(
    'SCORER_NOT_FOUND',
    `experiment '${experimentId}' never had a scorer '${scorer}'; ${there}`,
    { context: { experimentId, name: scorer, registered } },
  );
}

async function readStored(
  { records, ledger, registry }: ExplainPorts,
  request: Request,
): Promise<Stored> {
  const { experimentId, traceId, scorer } = request;
  const canonicalId = canonicalTraceId(traceId);
  const isAsked = (name: string): boolean => scorer === undefined || scorer === name;
  // In this order: the result of a record is stored after the record, and a scorer registered before both.
  const found = await records.recordsOf({
    experimentId,
    canonicalTraceId: canonicalId,
    limit: MAX_RECORDS,
  });
  const allResults = await ledger.resultsOfTrace(experimentId, canonicalId);
  const scorers = await registry.list(experimentId);
  return {
    request,
    canonicalId,
    records: found.map((trace) => ({ ...trace, judged: toJudgedRecord(trace.row) })),
    allResults,
    results: allResults.filter(({ pick }) => isAsked(pick.scorer.name)),
    scorers: scorers.filter(({ name }) => isAsked(name)),
  };
}

/** What the trace as a whole came to. */
async function explainWhole(
  { records, deadLetterIndex, config }: ExplainPorts,
  { request, canonicalId, records: found, allResults }: Stored,
): Promise<
  Pick<TraceExplanation, 'traceId' | 'experimentId' | 'decision' | 'reason' | 'deadLetters'>
> {
  const { experimentId, traceId } = request;
  const [newest] = found;
  const spellings = new Set([traceId, newest?.row.traceId ?? traceId].flatMap(keySpellings));
  const deadLetters = await deadLetterIndex.findByKeys([...spellings], MAX_DEAD_LETTERS);
  const whole = explainTrace({
    experimentId,
    newest:
      newest === undefined ? null : { ...newest.row, isReadable: newest.judged !== undefined },
    records: found.length,
    isCut: found.length === MAX_RECORDS,
    results: allResults,
    deadLetters,
    archives: config().archives(experimentId),
    elsewhere: newest === undefined ? await records.experimentsOf(canonicalId) : [],
  });
  return { ...whole, traceId: newest?.row.traceId ?? traceId, experimentId, deadLetters };
}

/** As of the configuration that the record was processed under; one that cannot be read has its results. */
async function explainStoredRecord(
  ports: ExplainPorts,
  { request, results, scorers }: Stored,
  { row, archivedAtMs, judged }: StoredRecord,
): Promise<RecordExplanation> {
  const { experimentId, scorer } = request;
  const { position, recordTimestampMs, configRevision } = row;
  const isReadable = judged !== undefined;
  const record = { position, recordTimestampMs, configRevision, archivedAtMs, isReadable };
  if (!isReadable) {
    const own = results.filter((result) => isResultOf(result, row));
    return { record, scorers: explainResultsOnly(own) };
  }
  const explanations = explainRecord({
    record: judged,
    scorers: await ports.registry.configAt(experimentId, configRevision),
    registered: new Set(scorers.map(({ name }) => name)),
    results,
    only: scorer,
  });
  return {
    record,
    scorers: await Promise.all(
      explanations.map((each) => explainOpen(ports, { experimentId, record }, each)),
    ),
  };
}

/** A pick that left no result: the scorer's later history may tell why. */
async function explainOpen(
  { registry, config }: ExplainPorts,
  of: { readonly experimentId: string; readonly record: ExplainedRecord },
  explanation: ScorerExplanation,
): Promise<ScorerExplanation> {
  if (explanation.decision !== 'queued') return explanation;
  const { experimentId, record } = of;
  const { name } = explanation;
  const history = await registry.revisions(experimentId, name);
  const inForce = config();
  const isUnchanged =
    (inForce.scorer(experimentId, name)?.revision ?? Infinity) <= record.configRevision;
  return explainOpenPick(explanation, {
    revision: record.configRevision,
    history,
    unavailable: isUnchanged ? problemOf(inForce, experimentId, name) : null,
  });
}

/** What would be decided if the newest record came now. */
function decideNow(
  { config }: ExplainPorts,
  { canonicalId, records, results, scorers }: Stored,
  { samplingCohort }: ExplainOptions,
): readonly ScorerExplanation[] {
  const judged = records[0]?.judged;
  if (judged === undefined) return [];
  const record: JudgedRecord = {
    ...judged,
    samplePosition: samplePosition(canonicalId, samplingCohort),
  };
  const inForce = config();
  return scorers.map((state) =>
    explainNow({
      record,
      scorer: asOfHere(inForce, state),
      results: results.filter(({ pick }) => pick.scorer.name === state.name),
    }),
  );
}

/** The scorer as it is, with the version and the problem that this instance has for it, once it has heard of the change. */
function asOfHere(inForce: ConfigInForce, state: ScorerState): ScorerAsOf {
  const here = inForce.scorer(state.experimentId, state.name);
  if (here?.revision !== state.revision) return asOfNow(state, null);
  const { version } = here.ref;
  return asOfNow({ ...state, version }, problemOf(inForce, state.experimentId, state.name));
}

/** Why this instance cannot run a scorer that is started; null where it can. */
function problemOf({ unavailable }: ConfigInForce, experimentId: string, name: string) {
  const found = unavailable.find(
    ({ ref }) => ref.experimentId === experimentId && ref.name === name,
  );
  return found?.detail ?? null;
}

function toJudgedRecord(row: StoredTrace['row']): JudgedRecord | undefined {
  const trace = readStoredTrace(row);
  if (trace === undefined) return undefined;
  const { position, recordTimestampMs, configRevision } = row;
  return {
    position,
    recordTimestampMs,
    configRevision,
    samplePosition: row.samplePosition,
    facts: toFilterFacts(trace),
    ineligible: ineligible(trace),
  };
}

/** Records cannot be asked, but results of theirs are stored: the last one of each scorer. */
function explainResultsOnly(results: readonly PickResult[]): readonly ScorerExplanation[] {
  return [...Map.groupBy(results, ({ pick }) => pick.scorer.name).values()]
    .flatMap((own) => {
      const last = own.at(-1);
      return last === undefined ? [] : explainResult(null, last, { scorer: null, results: own });
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
