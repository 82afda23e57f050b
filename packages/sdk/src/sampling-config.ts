import { ScorerDefinitionError } from './scorer-definition-error.ts';

/** What part of the traces a scorer gets to see. */
export interface SamplingConfig {
  /** From 0 (none: the scorer is stopped) to 1 (all). */
  readonly sampleRate: number;
  /** null where every trace matches. */
  readonly filterString: string | null;
}

export interface SamplingOptions {
  /** 0.0 to 1.0; 1.0 when left out. */
  readonly sampleRate?: number | undefined;
  /** null, an empty text and no filter are the same. */
  readonly filterString?: string | null | undefined;
}

/** Checks what was given and fills in the defaults. Throws ScorerDefinitionError. */
export function toSamplingConfig(options: SamplingOptions): SamplingConfig {
  const { sampleRate = 1, filterString = null } = options;
  if (typeof sampleRate !== 'number' || !(sampleRate >= 0 && sampleRate <= 1)) {
    throw new ScorerDefinitionError(
      'sampleRate',
      `sampleRate must be a number from 0.0 to 1.0, got ${String(sampleRate)}`,
    );
  }
  if (filterString !== null && typeof filterString !== 'string') {
    throw new ScorerDefinitionError(
      'filterString',
      `filterString must be a text or null, got ${typeof filterString}`,
    );
  }
  // Adding 0 makes -0 an ordinary zero.
  return Object.freeze({ sampleRate: sampleRate + 0, filterString: filterString || null });
}
