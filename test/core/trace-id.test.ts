import { describe, expect, it } from 'vitest';
import { canonicalTraceId } from '../../src/core/trace-id.ts';

const HEX = '0123456789abcdef0123456789abcdef';

describe('canonicalTraceId', () => {
  it('gives every spelling of an OpenTelemetry trace id one form', () => {
    for (const id of [
      `tr-${HEX}`,
      HEX,
      `trace:/main.genai/${HEX}`,
      `trace:/main.genai.prefix/${HEX}`,
      HEX.toUpperCase(),
    ]) {
      expect(canonicalTraceId(id)).toBe(`tr-${HEX}`);
    }
  });

  it('leaves any other id as it came', () => {
    for (const id of [
      'order-4711',
      `tr-${HEX}0`,
      `tr-${HEX.slice(1)}`,
      `TR-${HEX}`,
      `trace:/${HEX}`,
      `tr-tr-${HEX}`,
      `tr-${HEX}\n`,
      '',
    ]) {
      expect(canonicalTraceId(id)).toBe(id);
    }
  });
});
