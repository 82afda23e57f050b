import type { ScorerTrialBody, TriedTraceBody } from '../contract/http/scorer-trials.ts';
import { cut, formatTable, toOneLine } from './table.ts';

type Outcome = TriedTraceBody['outcome'];
type TriedFeedback = TriedTraceBody['feedback'][number];

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  scored: 'scored',
  failed: 'failed',
  not_applicable: 'not applicable',
  no_feedback: 'no feedback',
};
/** Different values of a feedback that are counted one by one. */
const MAX_VALUES = 8;
const MAX_VALUE_LENGTH = 40;

/** What a scorer says about stored traces: a table, then counts, values and latency. */
export function describeScorerTrial(trial: ScorerTrialBody, width: number): string {
  const { traces, scorer } = trial;
  if (traces.length === 0) return `${describeNone(trial)}${describeLeftOut(trial)}`;
  const rows = traces.map((tried) => [
    tried.trace_id,
    OUTCOMES[tried.outcome],
    String(tried.latency_ms),
    describeTried(tried, scorer.name),
  ]);
  return [
    formatTable(['TRACE', 'OUTCOME', 'MS', 'FEEDBACK'], rows, width),
    `\n${describeCounts(trial)}\n`,
    ...describeValues(traces).map((line) => `  ${line}\n`),
    describeLeftOut(trial),
    trial.complete ? '' : 'time was up before all traces were tried\n',
    describeLatency(trial),
    'nothing was stored or published\n',
  ].join('');
}

function describeNone({ filter_string: filter, looked_at: lookedAt }: ScorerTrialBody): string {
  if (lookedAt === 0) return 'the experiment has no stored traces to try it on\n';
  const matching = filter === null ? 'can be scored' : `matches ${filter}`;
  return `none of the last ${lookedAt} traces ${matching}\n`;
}

function describeTried({ feedback, reason }: TriedTraceBody, scorer: string): string {
  if (feedback.length === 0) return reason ?? '-';
  return feedback
    .map((each) => {
      const name = each.name === scorer ? '' : `${each.name} `;
      return `${name}${describeAnswer(each)}`;
    })
    .join(', ');
}

function describeAnswer({ value, error, rationale }: TriedFeedback): string {
  if (error !== null) return `${error.error_code}: ${error.error_message}`;
  return rationale === null ? showValue(value) : `${showValue(value)} (${rationale})`;
}

function showValue(value: TriedFeedback['value']): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeCounts({
  scorer,
  traces,
  counts,
  filter_string: filter,
}: ScorerTrialBody): string {
  const version = scorer.version === null ? 'not registered' : `version ${scorer.version}`;
  const ends = Object.entries(OUTCOMES).flatMap(([outcome, name]) => {
    const count = counts[outcome as Outcome];
    return count === 0 ? [] : [`${count} ${name}`];
  });
  const which = filter === null ? '' : ` with ${filter}`;
  const tried = traces.length === 1 ? '1 trace' : `${traces.length} traces`;
  return toOneLine(
    `${scorer.name} (${scorer.kind}, ${version}): ${tried}${which}: ${ends.join(', ')}`,
  );
}

/** By name of the feedback: how often each value came, or the spread of numbers. */
function describeValues(traces: ScorerTrialBody['traces']): readonly string[] {
  const byName = new Map<string, TriedFeedback['value'][]>();
  for (const { name, value, error } of traces.flatMap(({ feedback }) => feedback)) {
    if (error === null) byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  return [...byName].map(([name, values]) => toOneLine(`${name}: ${describeSpread(values)}`));
}

function describeSpread(values: readonly TriedFeedback['value'][]): string {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length) {
    const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
    const shown = Number(mean.toPrecision(4));
    return `mean ${shown}, min ${Math.min(...numbers)}, max ${Math.max(...numbers)}`;
  }
  const counts = new Map<string, number>();
  for (const value of values) {
    const shown = cut(showValue(value), MAX_VALUE_LENGTH);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  const often = [...counts].toSorted(([, a], [, b]) => b - a);
  const others = often.length > MAX_VALUES ? [`${often.length - MAX_VALUES} other values`] : [];
  const shown = often.slice(0, MAX_VALUES).map(([value, count]) => `${value} ${count}×`);
  return [...shown, ...others].join(', ');
}

function describeLeftOut({ ineligible }: ScorerTrialBody): string {
  const reasons = Object.entries(ineligible).map(([reason, count]) => `${reason} ${count}`);
  return reasons.length === 0
    ? ''
    : `not tried, since no scorer sees them: ${reasons.join(', ')}\n`;
}

function describeLatency({
  latency_ms: latency,
  estimated_cost_usd: cost,
}: ScorerTrialBody): string {
  if (latency === null) return '';
  const price = cost === null ? '' : `; estimated cost ${cost} USD a trace`;
  return `latency: median ${latency.median} ms, p95 ${latency.p95} ms, max ${latency.max} ms${price}\n`;
}
