import type { Trace } from '@assay/sdk';
import { ineligible } from '../../src/core/eligibility.ts';
import { compileFilter } from '../../src/core/filter/evaluate/compile-filter.ts';
import { toFilterFacts } from '../../src/core/filter/facts.ts';
import { parseFilter } from '../../src/core/filter/parse/parse-filter.ts';
import { samplePosition } from '../../src/core/sample.ts';
import { type SelectableScorer, select } from '../../src/core/select.ts';
import { canonicalTraceId } from '../../src/core/trace-id.ts';
import { decoded } from './decoded.ts';
import { type Measurement, measure } from './measure.ts';

const SCORERS = 20;
const RATES: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2];
const FILTERS: readonly string[] = [
  "status = 'OK' AND tags.env = 'production'",
  "name LIKE 'answer%' AND execution_time_ms < 60000",
  "span.type = 'TOOL' AND span.status = 'OK'",
  "metadata.mlflow.trace.session IS NOT NULL AND tags.env != 'staging'",
];
const NONE: ReadonlySet<string> = new Set();

export function measureSelection(lines: readonly string[]): readonly Measurement[] {
  const traces = lines.map(decoded);
  const sampled = scorers((index) => RATES[index % RATES.length] ?? 0);
  const everything = scorers(() => 1);
  const positions = traces.map(positionOf);
  return [
    measure('traces selected for 20 scorers, 4 filters, rates 0.01 to 0.2', traces.length, () => {
      for (const trace of traces) selectFor(trace, positionOf(trace), sampled);
    }),
    measure('the same without the hash of the trace id', traces.length, () => {
      for (const [index, trace] of traces.entries()) {
        selectFor(trace, positions[index] ?? 0, sampled);
      }
    }),
    measure('traces selected for 20 scorers, 4 filters, rate 1', traces.length, () => {
      for (const trace of traces) selectFor(trace, positionOf(trace), everything);
    }),
  ];
}

function scorers(rateOf: (index: number) => number): readonly SelectableScorer[] {
  const filters = FILTERS.map((text) => {
    const parsed = parseFilter(text);
    if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
    return compileFilter(parsed.filter);
  });
  return Array.from({ length: SCORERS }, (_, index) => ({
    name: `scorer_${index}`,
    running: true,
    sampleRate: rateOf(index),
    includeEvaluationRuns: false,
    matches: filters[index % FILTERS.length] ?? (() => false),
  }));
}

function positionOf(trace: Trace): number {
  return samplePosition(canonicalTraceId(trace.info.traceId), 'default');
}

/** All that is decided on a decoded trace. */
function selectFor(trace: Trace, position: number, candidates: readonly SelectableScorer[]): void {
  const { picks, passes } = select(
    {
      facts: toFilterFacts(trace),
      ineligible: ineligible(trace),
      samplePosition: position,
      republished: NONE,
    },
    candidates,
  );
  if (picks.length + passes.length !== SCORERS) throw new Error('a scorer is left out');
}
