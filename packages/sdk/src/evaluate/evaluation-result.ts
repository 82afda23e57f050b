import { aggregateRows, type EvaluationAggregate, toMetrics } from './aggregate-rows.ts';
import type { AnyScorer } from '../any-scorer.ts';
import type { EvaluationRow } from './evaluation-row.ts';
import type { EvaluationScorer } from './evaluation-scorers.ts';
import { toTable } from './evaluation-table.ts';
import type { Trace } from '../trace.ts';

/** What an evaluation came to. Immutable. `console.log(String(result))` shows a table. */
export class EvaluationResult<
  Inputs = unknown,
  Outputs = unknown,
  Scorers extends readonly EvaluationScorer[] = readonly EvaluationScorer[],
> {
  /** In the order of the data. */
  readonly rows: readonly EvaluationRow<Inputs, Outputs, Scorers>[];
  /** In the order of the scorers: what the feedback of each comes to, by its name. */
  readonly aggregates: readonly EvaluationAggregate[];
  /** The numbers of the aggregates as `<feedback name>/<aggregation>`, such as `polite/mean`. */
  readonly metrics: Readonly<Record<string, number>>;

  constructor(
    rows: readonly EvaluationRow<Inputs, Outputs, Scorers>[],
    scorers: readonly AnyScorer[],
  ) {
    this.rows = Object.freeze(rows);
    this.aggregates = Object.freeze(aggregateRows(rows, scorers));
    this.metrics = toMetrics(this.aggregates);
    Object.freeze(this);
  }

  /**
   * The trace of each row, with its expectations and tags, without the feedback: `evaluate(result.traces, …)`
   * tries other scorers without running the application again.
   */
  get traces(): readonly Trace[] {
    return this.rows.map(({ trace }) => trace);
  }

  /** A table of the aggregates, and the first errors. */
  toString(): string {
    return toTable(this.rows, this.aggregates);
  }

  /** Rows without their traces, aggregates and metrics. */
  toJSON(): object {
    const { rows, aggregates, metrics } = this;
    return { rows: rows.map((row) => row.toJSON()), aggregates, metrics };
  }
}
