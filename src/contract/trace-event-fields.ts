import { z } from 'zod';

/**
 * Field schemas of a trace event that all spellings share. An optional field may be null; protobuf
 * JSON leaves empty fields out.
 */

/** Writes a snake_case field name in the spelling of a record. */
export type Spell = (name: string) => string;

export const snakeCase: Spell = (name) => name;

export const camelCase: Spell = (name) =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

export const id = z.string().min(1).max(1024);

export const text = z.string().nullish();

export const stringMap = z.record(z.string(), z.string()).nullish();

export const rfc3339 = z.iso
  .datetime({ offset: true })
  .regex(/T\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/)
  .meta({
    id: 'Time',
    description: 'RFC 3339 with a time zone, for example 2026-11-20T13:30:00.123Z.',
  });

export const nanoseconds = z
  .union([
    z
      .number()
      .min(-(2 ** 63))
      .max(2 ** 63),
    z.string().regex(/^-?\d{1,19}$/),
  ])
  .meta({
    id: 'Nanoseconds',
    description: 'Since the epoch: a number of up to 19 digits, or these digits as text.',
  });

export const milliseconds = z
  .union([z.number(), z.string().regex(/^-?\d{1,16}$/)])
  .describe('Milliseconds, as a number or as its digits.');

export const epochMilliseconds = z
  .union([
    z.int().min(Date.parse('0000-01-01T00:00:00Z')).max(Date.parse('9999-12-31T23:59:59.999Z')),
    z.string().regex(/^-?\d{1,15}$/),
  ])
  .describe('Milliseconds since the epoch, as an integer or as its digits.');

export const parentSpanId = z
  .string()
  .max(1024)
  .nullish()
  .describe('Absent, null or empty for the root span.');

export const spanId = id.describe('Base64 of 8 bytes, or 16 hex digits.');

export const statusCode = z
  .enum(['STATUS_CODE_OK', 'STATUS_CODE_ERROR', 'STATUS_CODE_UNSET', 'OK', 'ERROR', 'UNSET'])
  .or(z.literal([0, 1, 2]))
  .nullish();
