import { aggregate, toNumber } from './aggregate.ts';
import { type Aggregation, AGGREGATIONS } from '../aggregation.ts';
import type { AnyScorer } from '../any-scorer.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import type { Feedback } from '../feedback.ts';

/** What the feedback of one name comes to, of one scorer. */
export interface EvaluationAggregate {
  readonly scorer: string;
  /** The scorer's name, unless it gives its feedback names of their own. */
  readonly name: string;
  readonly counts: {
    /** Feedback without an error. */
    readonly ok: number;
    readonly error: number;
    /** Rows in which the scorer gave no feedback of this name. */
    readonly none: number;
    /** Rows to which the scorer did not apply. */
    readonly notApplicable: number;
  };
  /**
   * By the scorer's aggregations, over feedback without an error: booleans and yes and no count as 1 and 0, other
   * texts are left out. null when there is nothing to count.
   */
  readonly values: Readonly<Partial<Record<Aggregation, number | null>>>;
}

/** In the order of the scorers; of one scorer in the order in which the names come up in the rows. */
export function aggregateRows(
  rows: readonly EvaluationRow[],
  scorers: readonly AnyScorer[],
): readonly EvaluationAggregate[] {
  const called = rows.filter(({ predictError }) => predictError === null);
  return scorers.flatMap((scorer, index) => {
    const results = called.flatMap((row) => row.results[index] ?? []);
    const notApplicable = results.filter(({ outcome }) => outcome === 'not_applicable').length;
    const byName = new Map<string, { readonly feedback: Feedback[]; rows: number }>();
    for (const { feedback } of results) {
      for (const name of new Set(feedback.map((each) => each.name))) {
        const group = byName.get(name) ?? { feedback: [], rows: 0 };
        byName.set(name, group);
        group.rows += 1;
        group.feedback.push(...feedback.filter((each) => each.name === name));
      }
    }
    if (byName.size === 0) byName.set(scorer.name, { feedback: [], rows: 0 });
    return [...byName].map(([name, group]) => {
      const good = group.feedback.filter(({ error }) => error === null);
      const counts = {
        ok: good.length,
        error: group.feedback.length - good.length,
        none: results.length - group.rows - notApplicable,
        notApplicable,
      };
      return { scorer: scorer.name, name, counts, values: valuesOf(good, scorer.aggregations) };
    });
  });
}

/** `<feedback name>/<aggregation>`, as in MLflow; where two scorers use one name, the scorer stands before it. */
export function toMetrics(
  aggregates: readonly EvaluationAggregate[],
): Readonly<Record<string, number>> {
  const metrics: [string, number][] = [];
  for (const { scorer, name, values } of aggregates) {
    const isShared = aggregates.some((other) => other.name === name && other.scorer !== scorer);
    const key = isShared ? `${scorer}/${name}` : name;
    for (const aggregation of AGGREGATIONS) {
      const value = values[aggregation];
      if (typeof value === 'number') metrics.push([`${key}/${aggregation}`, value]);
    }
  }
  return Object.freeze(Object.fromEntries(metrics));
}

function valuesOf(
  feedback: readonly Feedback[],
  aggregations: readonly Aggregation[],
): EvaluationAggregate['values'] {
  const numbers = feedback.flatMap(({ value }) => toNumber(value) ?? []);
  return Object.fromEntries(
    aggregations.map((aggregation) => [aggregation, aggregate(numbers, aggregation)]),
  );
}
