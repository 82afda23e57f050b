import type { Trace } from './trace.ts';

interface Judged {
  /** What went into the application; in production the inputs of the trace's root span. */
  readonly inputs?: unknown;
  /** What came out of the application; in production the outputs of the trace's root span. */
  readonly outputs?: unknown;
  /** Ground truth by name; in production undefined unless the trace carries expectations. */
  readonly expectations?: Readonly<Record<string, unknown>> | undefined;
  readonly trace?: Trace | undefined;
}

/** What a scorer is called with. */
export interface ScorerInput extends Judged {
  readonly signal?: AbortSignal | undefined;
}

/** What the scorer itself sees. */
export interface ScorerArguments extends Judged {
  /** Aborted when nobody waits for the answer any more: pass it on to fetch and the like. */
  readonly signal: AbortSignal;
}

/**
 * What is not given is taken from the trace where there is one: inputs and outputs of its root span,
 * and its expectations. They are decoded when they are read, since many scorers read only some.
 */
export function toScorerArguments(input: ScorerInput): ScorerArguments {
  const { trace, inputs, outputs, expectations, signal } = input;
  return Object.freeze({
    get inputs() {
      return inputs === undefined ? trace?.inputs : inputs;
    },
    get outputs() {
      return outputs === undefined ? trace?.outputs : outputs;
    },
    get expectations() {
      return expectations ?? trace?.expectations;
    },
    trace,
    signal: signal ?? new AbortController().signal,
  });
}

/** What a scorer sees of a trace in production. */
export function scorerArguments(trace: Trace, signal: AbortSignal): ScorerArguments {
  return toScorerArguments({ trace, signal });
}
