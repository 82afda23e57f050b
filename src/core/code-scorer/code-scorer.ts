/** What a `scorer({ … }, …)` says about itself, where it says so in literals. */
export interface CodeScorerOptions {
  readonly name?: string;
  readonly description?: string;
  readonly timeoutMs?: number;
  readonly concurrency?: number;
}

/** Source that the sandbox can run. */
export interface CodeScorer {
  /** What was given: without byte order mark and white space at its end, lines end in LF. */
  readonly source: string;
  /**
   * Statements that return the scorer, to stand in a function whose names are those of SANDBOX_GLOBALS. What was on a
   * line of the source is on the same line here.
   */
  readonly body: string;
  readonly options: CodeScorerOptions;
}

/** Why source is refused. */
export interface CodeProblem {
  /** The name or the module that it is about. */
  readonly name: string | null;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

export type CodeScorerCheck =
  | { readonly ok: true; readonly code: CodeScorer }
  | { readonly ok: false; readonly problems: readonly CodeProblem[] };

/** Advice for everything that only a module scorer can have. */
export const DEPLOY_AS_MODULE =
  'deploy the file as a module (ASSAY_SCORERS) and register it with --module-scorer NAME';
