import type { FeedbackEvent } from '../../contract/feedback-event.ts';
import { type Balance, sumCounts, type Totals } from '../../core/totals.ts';
import { formatFields, formatTable } from '../table.ts';
import type { DemoScorer } from './demo-scorers.ts';
import type { Expectation } from './expected-picks.ts';

/** What happened in a demo, for tables and for the JSON line. */
export interface DemoOutcome {
  readonly produced: number;
  readonly totals: Totals;
  readonly balance: Balance;
  readonly scorers: readonly ScorerOutcome[];
  /** Every feedback event, as it was read back from the feedback topic. */
  readonly events: readonly FeedbackEvent[];
  readonly seconds: number;
}

export interface ScorerOutcome extends Expectation {
  readonly scorer: DemoScorer;
  /** Picks that the service made; equals `sampled` when all is well. */
  readonly picks: number;
  readonly scored: number;
  readonly notApplicable: number;
  readonly errors: number;
}

/** Whether the demo shows what it is to show: nothing lost, nothing unexplained. */
export function isSound({ balance, totals, events, scorers, produced }: DemoOutcome): boolean {
  return (
    balance.balanced &&
    totals.recordsDone === produced &&
    totals.publishedEvents === events.length &&
    scorers.every(({ picks, sampled }) => picks === sampled)
  );
}

export function describeOutcome(outcome: DemoOutcome, width: number): string {
  const { totals, produced, events, seconds, scorers, balance } = outcome;
  const dead = sumCounts(totals.deadLetters.decode) + sumCounts(totals.deadLetters.archive);
  const { p50Ms, p99Ms } = totals.latency;
  const summary = formatFields([
    ['records in', String(produced)],
    ['archived', String(totals.archived)],
    ['dead-lettered', String(dead)],
    ['feedback out', String(events.length)],
    ['from produce to feedback', `p50 ${inMs(p50Ms)}, p99 ${inMs(p99Ms)}`],
    ['took', `${seconds.toFixed(1)} s`],
    ['the books', balance.balanced ? 'balance' : 'DO NOT BALANCE'],
  ]);
  const table = formatTable(
    ['SCORER', 'EXP', 'RATE', 'MATCHED', 'SAMPLED', 'SCORED', 'ERRORS', 'N/A', 'RESULT', 'FILTER'],
    scorers.map((one) => toRow(one, events)),
    width,
  );
  const samples = formatTable(
    ['TRACE', 'SCORER', 'FEEDBACK', 'VALUE'],
    sampleEvents(events).map(toSampleRow),
    width,
  );
  return [summary, table, samples].join('\n');
}

/** One line for programs. */
export function outcomeToJson(outcome: DemoOutcome): string {
  const { totals, produced, events, seconds, scorers, balance } = outcome;
  return `${JSON.stringify({
    sound: isSound(outcome),
    balanced: balance.balanced,
    produced,
    records: totals.records,
    archived: totals.archived,
    dead_lettered: sumCounts(totals.deadLetters.decode) + sumCounts(totals.deadLetters.archive),
    decoded: totals.decoded,
    scorers_in_force: totals.scorersInForce,
    passes: totals.passes,
    picks: totals.picks,
    ends: totals.ends,
    in_flight: totals.inFlight,
    published_events: totals.publishedEvents,
    feedback_read_back: events.length,
    latency_ms: { p50: totals.latency.p50Ms, p99: totals.latency.p99Ms },
    seconds,
    scorers: scorers.map(({ scorer, ...counts }) => ({
      name: scorer.request.name,
      experiment_id: scorer.experimentId,
      sample_rate: scorer.sampleRate,
      filter_string: scorer.filterString,
      matched: counts.matched,
      sampled: counts.sampled,
      scored: counts.scored,
      errors: counts.errors,
      not_applicable: counts.notApplicable,
    })),
  })}\n`;
}

function toRow(one: ScorerOutcome, events: readonly FeedbackEvent[]): readonly string[] {
  const { scorer, matched, sampled, scored, errors, notApplicable } = one;
  const numbers = [matched, sampled, scored, errors, notApplicable].map(String);
  const { name } = scorer.request;
  const values = events
    .filter((event) => event.scorer.name === name && event.experiment_id === scorer.experimentId)
    .map((event) => event.assessment.feedback.value);
  return [
    name,
    scorer.experimentId,
    String(scorer.sampleRate),
    ...numbers,
    summarise(values),
    scorer.filterString ?? '-',
  ];
}

/** Pass rate of booleans and yes/no, mean of numbers; errors have no value and count for neither. */
function summarise(values: readonly unknown[]): string {
  const passes = values.flatMap(toPass);
  if (passes.length > 0) {
    return `${Math.round((100 * passes.filter(Boolean).length) / passes.length)} % pass`;
  }
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return '-';
  return `mean ${(numbers.reduce((sum, one) => sum + one, 0) / numbers.length).toFixed(2)}`;
}

function toPass(value: unknown): readonly boolean[] {
  if (typeof value === 'boolean') return [value];
  if (value === 'yes' || value === 'no') return [value === 'yes'];
  return [];
}

const SAMPLES = 5;

/** One of each scorer in turn, errors among them, so that five lines show what there is. */
function sampleEvents(events: readonly FeedbackEvent[]): readonly FeedbackEvent[] {
  const seen = new Set<string>();
  const different = events.filter(({ scorer, assessment }) => {
    const kind = `${scorer.name}/${assessment.feedback.error === undefined}`;
    if (seen.has(kind)) return false;
    seen.add(kind);
    return true;
  });
  return different.slice(0, SAMPLES);
}

function toSampleRow({ trace_id: traceId, scorer, assessment }: FeedbackEvent): readonly string[] {
  const { value, error } = assessment.feedback;
  const shown =
    error === undefined ? JSON.stringify(value) : `${error.error_code}: ${error.error_message}`;
  const { rationale } = assessment;
  return [
    traceId,
    scorer.name,
    assessment.assessment_name,
    rationale === undefined ? shown : `${shown} (${rationale})`,
  ];
}

function inMs(ms: number | null): string {
  return ms === null ? '-' : `${Math.round(ms)} ms`;
}
