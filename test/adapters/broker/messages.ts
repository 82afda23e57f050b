import { randomBytes } from 'node:crypto';
import type { OutgoingMessage } from '../../../src/ports/broker.ts';

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function message(
  value: string | null,
  rest: Partial<OutgoingMessage> = {},
): OutgoingMessage {
  return { key: null, value: value === null ? null : bytes(value), headers: [], ...rest };
}

/** Messages `0`, `1`, … */
export function numbered(count: number, from = 0): readonly OutgoingMessage[] {
  return Array.from({ length: count }, (_, i) => message(String(from + i)));
}

export function numbers(count: number, from = 0): readonly string[] {
  return Array.from({ length: count }, (_, i) => String(from + i));
}

export function randomName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString('hex')}`;
}
