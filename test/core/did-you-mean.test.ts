import { describe, expect, it } from 'vitest';
import { didYouMean } from '../../src/core/did-you-mean.ts';

const known = ['contains', 'regex', 'latency'];

describe('didYouMean', () => {
  it('names the known word that a slip of the pen is nearest to', () => {
    expect(didYouMean('contain', known)).toBe(" (did you mean 'contains'?)");
    expect(didYouMean('Latancy', known)).toBe(" (did you mean 'latency'?)");
  });

  it('says nothing when no word is near', () => {
    expect(didYouMean('toxicity', known)).toBe('');
    expect(didYouMean('', known)).toBe('');
    expect(didYouMean('x'.repeat(1_000_000), known)).toBe('');
    expect(didYouMean('contains', [])).toBe('');
  });
});
