import { readFileSync } from 'node:fs';
import { Span } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../../../src/core/decode/decode-trace.ts';
import { spanContent } from '../../../../src/core/filter/evaluate/span-content.ts';
import { spanOf } from '../facts-of.ts';

function traceLines(): readonly string[] {
  const file = new URL('../../../data/filters/oracle-traces.jsonl', import.meta.url);
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function spansOf(line: string): readonly Span[] {
  const decoded = decodeTrace(new TextEncoder().encode(line));
  if (!decoded.ok) throw new Error(decoded.detail);
  return decoded.trace.data.spans;
}

/** A trace of MLflow's store without what its spans have beyond their content. */
function contentOf(line: string): string {
  return line
    .replace(/"trace_id": "[^"]*", "span_id": "[^"]*", "parent_span_id": (?:null|"[^"]*"), /g, '')
    .replace(
      /"kind": "\w+", "start_time_unix_nano": \d+, "end_time_unix_nano": (?:\d+|null), /g,
      '',
    )
    .replace(/"time_unix_nano": \d+, /g, '')
    .replaceAll(', "links": []', '');
}

/** As Python's json writes letters. */
function escaped(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

describe('spanContent', () => {
  it("is MLflow's own text of a span, without ids and times, and with letters that are not escaped", () => {
    let compared = 0;
    for (const line of traceLines()) {
      const content = contentOf(line);
      for (const span of spansOf(line)) {
        compared += 1;
        expect(content).toContain(escaped(spanContent(span)));
      }
    }
    expect(compared).toBe(386);
  });

  it('leaves letters of any script as they are', () => {
    const content = spanContent(spanOf({ name: '検索', attributes: { q: '"検索する"' } }));
    expect(content).toContain('"name": "検索"');
    expect(content).toContain('"q": "\\"検索する\\""');
  });

  it('is the same whatever dialect the attributes came in', () => {
    const inputs = { question: 'a, b: "c"', n: [1, 2], none: null };
    const python = spanOf({
      type: '"TOOL"',
      attributes: {
        'mlflow.traceRequestId': '"tr-1"',
        'mlflow.spanInputs': '{"question": "a, b: \\"c\\"", "n": [1, 2], "none": null}',
      },
    });
    const decoded = spanOf({
      type: 'TOOL',
      decoded: true,
      attributes: { 'mlflow.traceRequestId': 'tr-1', 'mlflow.spanInputs': inputs },
    });
    expect(spanContent(decoded)).toBe(spanContent(python));
  });

  it('names the trace where the client did not', () => {
    expect(spanContent(spanOf({}))).toContain(
      '"attributes": {"mlflow.traceRequestId": "\\"tr-1\\""}',
    );
  });

  it('has events and what went wrong', () => {
    const span = new Span({
      spanId: 'step-1',
      parentId: null,
      traceId: 'my-trace',
      name: 'a',
      startTimeUnixNano: 1_795_177_801_000_000_123n,
      endTimeUnixNano: null,
      status: { code: 'ERROR', message: 'no "luck"' },
      events: [
        { name: 'exception', timeUnixNano: 5n, attributes: { 'exception.type': 'ValueError' } },
      ],
      attributes: {},
    });
    expect(spanContent(span)).toBe(
      '{"name": "a", "events": [{"name": "exception", "attributes": {"exception.type": "ValueError"}}], ' +
        '"status": {"code": "STATUS_CODE_ERROR", "message": "no \\"luck\\""}, ' +
        '"attributes": {"mlflow.traceRequestId": "\\"my-trace\\""}}',
    );
  });
});
