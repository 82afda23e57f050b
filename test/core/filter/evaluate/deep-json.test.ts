import { stringifyTrace, type Trace } from '@assay/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrace } from '../../../../src/core/decode/decode-trace.ts';
import { compileFilter } from '../../../../src/core/filter/evaluate/compile-filter.ts';
import { spanContent } from '../../../../src/core/filter/evaluate/span-content.ts';
import {
  describeExplanation,
  explainFilter,
} from '../../../../src/core/filter/explain/explain-filter.ts';
import { toFilterFacts } from '../../../../src/core/filter/facts.ts';
import type { FilterClause } from '../../../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { filterClause, filterNode } from '../arbitrary-filter.ts';

const OPENINGS: Readonly<Record<string, string>> = { '[': ']', '{"a":': '}', '[{"a":': '}]' };

function nested(opening: string, levels: number): string {
  const times = levels / (opening.length === 6 ? 2 : 1);
  return `${opening.repeat(times)}1${(OPENINGS[opening] ?? '').repeat(times)}`;
}

const openings = fc.constantFrom(...Object.keys(OPENINGS));
const deepText = fc.oneof(
  fc.tuple(openings, fc.constantFrom(998, 1_002, 5_000, 50_000)).map(([a, n]) => nested(a, n)),
  // Cut off, or with what JSON has no word for.
  fc.constantFrom('['.repeat(5_000), `${'['.repeat(5_000)}NaN${']'.repeat(5_000)}`),
  // What is no text by String().
  fc.constantFrom('[{"name":{"toString":1,"valueOf":1},"version":[[]]}]'),
  fc.constant(`[{"name":${nested('[', 900)},"version":1}]`),
);
/** As deep as a record may be. */
const deepValue = openings.map((opening): unknown => JSON.parse(nested(opening, 960)));

const KEYS = ['a', 'a.b', 'my key', '1', 'case'];
const OF_SPANS = ['mlflow.spanInputs', 'mlflow.spanOutputs', 'mlflow.spanType'];
const mapOf = <T>(keys: readonly string[], value: fc.Arbitrary<T>) =>
  fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 5 });

const trace: fc.Arbitrary<Trace> = fc
  .record({
    attributes: mapOf([...KEYS, ...OF_SPANS], fc.oneof(deepText, deepValue)),
    tags: mapOf([...KEYS, 'mlflow.linkedPrompts', 'mlflow.traceName'], deepText),
    metadata: mapOf([...KEYS, 'mlflow.sourceRun'], deepText),
    expectations: mapOf(KEYS, deepText),
    feedback: mapOf(KEYS, fc.oneof(deepText, deepValue)),
    decoded: fc.boolean(),
  })
  .map(({ attributes, tags, metadata, expectations, feedback, decoded }) => {
    const event = { name: 'e', time_unix_nano: 1, attributes };
    const requestId = decoded ? 'tr-1' : '"tr-1"';
    const span = {
      span_id: '0123456789abcdef',
      name: 'root',
      start_time_unix_nano: 1,
      events: [event],
      attributes: { ...attributes, 'mlflow.traceRequestId': requestId },
    };
    const assessments = [
      ...Object.entries(expectations).map(([name, value]) => ({
        assessment_name: name,
        expectation: { serialized_value: { value } },
      })),
      ...Object.entries(feedback).map(([name, value]) => ({
        assessment_name: name,
        feedback: { value },
      })),
    ];
    const info = {
      trace_id: 'tr-1',
      trace_location: { mlflow_experiment: { experiment_id: '0' } },
      request_time: '2026-11-20T00:00:00Z',
      state: 'OK',
    };
    const record = {
      info: { ...info, trace_metadata: metadata, tags, assessments },
      data: { spans: [span] },
    };
    const result = decodeTrace(new TextEncoder().encode(JSON.stringify(record)));
    if (!result.ok) throw new Error(result.detail);
    return result.trace;
  });

const EACH_FIELD: readonly string[] = [
  "span.attributes.a LIKE '%[%'",
  "span.attributes.mlflow.spanInputs != 'x'",
  "span.attributes.mlflow.spanOutputs RLIKE 'a'",
  "span.content ILIKE '%x%'",
  "span.type = 'x'",
  "tags.a = 'x'",
  "metadata.a ILIKE '%A_1%'",
  "expectation.a != 'x'",
  "feedback.a NOT IN ('x')",
  "prompt = 'a/1'",
  "run_id != 'x'",
  "name LIKE '%_[%'",
];

function clauseOf(text: string): FilterClause {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.filter as FilterClause; // each is a single clause
}

describe('a trace with JSON that is nested deeper than a call stack', { timeout: 60_000 }, () => {
  it('is answered by every filter, by predicate and explanation alike', () => {
    const filters = fc.array(
      fc.oneof(filterNode, filterClause, fc.constantFrom(...EACH_FIELD.map(clauseOf))),
      { minLength: 20, maxLength: 20 },
    );
    fc.assert(
      fc.property(trace, filters, (given, several) => {
        const facts = toFilterFacts(given);
        for (const filter of several) {
          const explanation = explainFilter(filter, facts);
          expect(explanation.holds).toBe(compileFilter(filter)(facts));
          expect(describeExplanation(explanation)).not.toBe('');
        }
      }),
      { numRuns: 100 },
    );
  });

  it('can be read, searched and written whole', () => {
    fc.assert(
      fc.property(trace, (given) => {
        for (const span of given.data.spans) {
          expect(spanContent(span)).toContain('"attributes"');
          expect(JSON.stringify([span.inputs, span.outputs, span.attributes])).not.toBe('');
        }
        expect(JSON.stringify(given.expectations ?? null)).not.toBe('');
        expect(stringifyTrace(given)).not.toBe('');
      }),
      { numRuns: 100 },
    );
  });
});
