import type { CallOptions } from './trace-search.ts';

export interface FilterCheckOptions extends CallOptions {
  /** Try the filter on the newest 5,000 stored records of the experiment. */
  readonly preview?: boolean | undefined;
  /** With a preview: counts how many of these traces a scorer of this rate would score. */
  readonly sampleRate?: number | undefined;
}

/** A filter as a tree, with the answer of one trace at each node. */
export type FilterExplanation =
  | {
      readonly kind: 'clause';
      /** In its canonical spelling. */
      readonly clause: string;
      readonly holds: boolean;
      /** What the trace has there, shortened. */
      readonly actual: string;
    }
  | {
      readonly kind: 'and' | 'or' | 'not' | 'same_span';
      readonly holds: boolean;
      readonly operands: readonly FilterExplanation[];
    };

export interface FilterExample {
  readonly traceId: string;
  readonly experimentId: string;
  readonly name: string | null;
  /** The explanation in lines for people. */
  readonly why: string;
  readonly explanation: FilterExplanation;
}

/** A filter that is valid; one that is not is an error FILTER_INVALID with `column` and `expected` in its context. */
export interface FilterCheck {
  readonly valid: true;
  /** The filter in its canonical spelling. */
  readonly normalized: string;
  /** Of a preview: how many traces match, of how many that were looked at. */
  readonly matched?: number;
  readonly of?: number;
  /** Of a preview with a sample rate. */
  readonly wouldScore?: number;
  /** True where time was up before all traces were looked at. */
  readonly stoppedEarly?: boolean;
  /** Of a preview: traces that are not scored, whatever the filter, by reason. */
  readonly ineligible?: Readonly<Record<string, number>>;
  /** Of a preview: up to three each, newest first. */
  readonly examples?: {
    readonly matching: readonly FilterExample[];
    readonly notMatching: readonly FilterExample[];
  };
}
