import type { FoundScorer } from './find-scorers.ts';

/** A scorer that this process has loaded, with the code it came with. */
export type ModuleScorer = FoundScorer & {
  /** As ASSAY_SCORERS names it. */
  readonly file: string;
  /** SHA-256 of its code (code-hash.ts), 64 hex digits. */
  readonly codeHash: string;
};
