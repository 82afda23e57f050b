import { readFileSync, readdirSync } from 'node:fs';
import type { Trace } from '@assay/sdk';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';

const TRACES = new URL('../../data/traces/', import.meta.url);
const DEMO = new URL('../../../examples/traces/demo.jsonl', import.meta.url);

export const DIALECTS = readdirSync(new URL('dialects/', TRACES)).map((file) =>
  file.replace(/\.jsonl$/, ''),
);

/** Ten traces of one dialect. */
export function dialectLines(dialect: string): readonly string[] {
  return linesOf(new URL(`dialects/${dialect}.jsonl`, TRACES));
}

/** 48 odd but valid traces. */
export function edgeLines(): readonly string[] {
  return linesOf(new URL('edge.jsonl', TRACES));
}

export function demoLines(): readonly string[] {
  return linesOf(DEMO);
}

export interface MalformedFile {
  readonly file: string;
  readonly what: string;
  readonly expect: string;
  readonly bytes: Uint8Array;
}

export function malformedFiles(): readonly MalformedFile[] {
  const folder = new URL('malformed/', TRACES);
  return linesOf(new URL('index.jsonl', folder)).map((line) => {
    const entry = JSON.parse(line) as Omit<MalformedFile, 'bytes'>;
    return { ...entry, bytes: new Uint8Array(readFileSync(new URL(entry.file, folder))) };
  });
}

export function malformedFile(file: string): Uint8Array {
  const found = malformedFiles().find((each) => each.file === file);
  if (found === undefined) throw new Error(`no malformed file ${file}`);
  return found.bytes;
}

export function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function decodeText(text: string) {
  return decodeTrace(toBytes(text));
}

/** The trace in a text that must decode. */
export function traceOf(text: string): Trace {
  const decoded = decodeText(text);
  if (!decoded.ok) throw new Error(decoded.detail);
  return decoded.trace;
}

function linesOf(file: URL): readonly string[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
