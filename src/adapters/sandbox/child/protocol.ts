/** What crosses between the service and the sandbox's process: the heads of frames. */

/** A module for the inside of an isolate: ES module text, and what its import specifiers mean. */
export interface InnerModule {
  readonly id: string;
  readonly code: string;
  readonly imports: Readonly<Record<string, string>>;
}

export interface ChildLimits {
  /** Of one isolate, in MiB. */
  readonly isolateMemoryMb: number;
  /** Isolates kept; the one that was used longest ago makes room. */
  readonly maxIsolates: number;
  /** Isolates that run at once. */
  readonly lanes: number;
}

export interface ScorerLoad {
  /** Names the scorer version for this process. */
  readonly key: number;
  /** Statements that end in returning the scorer. */
  readonly code: string;
  /** For one call. */
  readonly cpuMs: number;
  readonly wallMs: number;
}

export type ToChild =
  | {
      readonly kind: 'start';
      readonly modules: readonly InnerModule[];
      readonly limits: ChildLimits;
    }
  | { readonly kind: 'scorer'; readonly scorer: ScorerLoad }
  /** The body is the trace; the calls are for it: id and key of the scorer. */
  | { readonly kind: 'calls'; readonly calls: readonly (readonly [id: number, key: number])[] };

/** Codes of what goes wrong beside the scorer's own code. */
export type LimitCode = 'SCORER_TIMEOUT' | 'SCORER_MEMORY' | 'SCORER_CRASHED';

export type CallOutcome =
  /** As isolate/call-scorer.ts writes it. */
  | { readonly id: number; readonly result: string }
  | { readonly id: number; readonly code: LimitCode | 'SCORER_ERROR'; readonly message: string };

export type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'outcomes'; readonly outcomes: readonly CallOutcome[] }
  /** Every ALIVE_MS while calls are under way. */
  | { readonly kind: 'alive'; readonly rssBytes: number }
  /** The process is beyond help and ends. */
  | { readonly kind: 'fatal'; readonly code: LimitCode; readonly message: string };

export const ALIVE_MS = 50;
