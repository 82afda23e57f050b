import { decodeTrace } from '../../core/decode/decode-trace.ts';
import { ineligible } from '../../core/eligibility.ts';
import { experimentOf } from '../../core/experiment.ts';
import { compileFilter } from '../../core/filter/evaluate/compile-filter.ts';
import { type FilterFacts, toFilterFacts } from '../../core/filter/facts.ts';
import { parseFilter } from '../../core/filter/parse/parse-filter.ts';
import { isSampled, samplePosition } from '../../core/sample.ts';
import { canonicalTraceId } from '../../core/trace-id.ts';
import type { DemoScorer } from './demo-scorers.ts';

export interface Expectation {
  /** Traces of the experiment that may be scored and that the filter matches. */
  readonly matched: number;
  /** Those of them that the sample rate picks. */
  readonly sampled: number;
}

/** Counts beforehand, without the service, what each scorer should get to see; the demo holds the two together. */
export class ExpectedPicks {
  readonly #counters: readonly Counter[];
  readonly #cohort: string;

  constructor(scorers: readonly DemoScorer[], cohort: string) {
    this.#counters = scorers.map(toCounter);
    this.#cohort = cohort;
  }

  /** Takes one record; one that cannot be decoded counts for nobody. */
  add(value: Uint8Array): void {
    const decoded = decodeTrace(value);
    if (!decoded.ok || ineligible(decoded.trace) !== undefined) return;
    const { trace } = decoded;
    const position = samplePosition(canonicalTraceId(trace.info.traceId), this.#cohort);
    const facts = toFilterFacts(trace);
    for (const counter of this.#counters) {
      const { scorer } = counter;
      if (scorer.experimentId !== experimentOf(trace) || !counter.matches(facts)) continue;
      counter.matched++;
      if (isSampled(position, scorer.sampleRate)) counter.sampled++;
    }
  }

  of(scorer: DemoScorer): Expectation {
    const { matched = 0, sampled = 0 } = this.#counters.find((one) => one.scorer === scorer) ?? {};
    return { matched, sampled };
  }
}

interface Counter {
  readonly scorer: DemoScorer;
  readonly matches: (facts: FilterFacts) => boolean;
  matched: number;
  sampled: number;
}

function toCounter(scorer: DemoScorer): Counter {
  const parsed = parseFilter(scorer.filterString ?? '');
  if (!parsed.ok) throw new Error(`the filter of ${scorer.request.name}: ${parsed.error.message}`);
  return { scorer, matches: compileFilter(parsed.filter), matched: 0, sampled: 0 };
}
