import { describe, expect, it } from 'vitest';
import { cutPreview } from '../../../src/core/search/cut-preview.ts';

describe('a preview', () => {
  it('stays as it is up to 1,000 characters', () => {
    expect(cutPreview(null)).toBeNull();
    expect(cutPreview('')).toBe('');
    expect(cutPreview('a'.repeat(1_000))).toBe('a'.repeat(1_000));
  });

  it('is cut to 1,000 characters where it is longer', () => {
    expect(cutPreview('a'.repeat(1_001))).toBe(`${'a'.repeat(997)}...`);
  });

  it('is not cut through a character', () => {
    expect(cutPreview(`${'a'.repeat(996)}🚀${'b'.repeat(10)}`)).toBe(`${'a'.repeat(996)}...`);
  });
});
