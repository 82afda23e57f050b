import { readdirSync, readFileSync } from 'node:fs';
import { stringifyTrace, type Trace } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../src/core/decode/decode-trace.ts';

const DIALECTS = new URL('../data/traces/dialects/', import.meta.url);
const files = readdirSync(DIALECTS).filter((name) => name.endsWith('.jsonl'));

function decode(text: string): Trace {
  const decoded = decodeTrace(new TextEncoder().encode(text));
  if (!decoded.ok) throw new Error(decoded.detail);
  return decoded.trace;
}

/** All that a reader of the trace can see. */
function visible({ info, data }: Trace): object {
  return {
    info: { ...info, traceMetadata: { ...info.traceMetadata }, tags: { ...info.tags } },
    spans: data.spans.map((span) => ({
      spanId: span.spanId,
      parentId: span.parentId,
      traceId: span.traceId,
      name: span.name,
      startTimeUnixNano: span.startTimeUnixNano,
      endTimeUnixNano: span.endTimeUnixNano,
      status: span.status,
      events: span.events,
      attributes: span.attributes,
    })),
  };
}

describe('stringifyTrace', () => {
  it.each(files)('writes traces of %s so that they decode to the same traces', (file) => {
    const lines = readFileSync(new URL(file, DIALECTS), 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      const trace = decode(line);
      const text = stringifyTrace(trace);
      expect(visible(decode(text))).toEqual(visible(trace));
      expect(stringifyTrace(decode(text))).toBe(text);
    }
  });

  it('writes the traces of Python’s 3.18 with the same fields as Python', () => {
    const text = readFileSync(new URL('v3-python-3.18.0-to_json.jsonl', DIALECTS), 'utf8');
    for (const line of text.trim().split('\n')) {
      // Python puts a space between the elements of a list inside a string, too.
      const python: unknown = JSON.parse(line.replaceAll('\\"a\\", \\"b\\"', '\\"a\\",\\"b\\"'));
      const ours: unknown = JSON.parse(stringifyTrace(decode(line)));
      expect(ours).toEqual(python);
    }
  });
});
