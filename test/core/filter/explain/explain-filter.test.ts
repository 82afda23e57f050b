import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../src/core/filter/evaluate/compile-filter.ts';
import {
  describeExplanation,
  explainFilter,
  type FilterExplanation,
} from '../../../../src/core/filter/explain/explain-filter.ts';
import type { FilterFacts } from '../../../../src/core/filter/facts.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { filterFacts, filterNode } from '../arbitrary-filter.ts';
import { assessmentOf, factsOf, issueOf, spanOf } from '../facts-of.ts';

function explain(text: string, facts: FilterFacts): FilterExplanation {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return explainFilter(parsed.filter, facts);
}

/** What a filter of one clause says the trace has there. */
function actual(text: string, overrides: Partial<FilterFacts>): string {
  const explanation = explain(text, factsOf(overrides));
  if (explanation.kind !== 'clause') throw new Error(`not one clause: ${text}`);
  return explanation.actual;
}

function clausesOf(explanation: FilterExplanation): readonly { readonly actual: string }[] {
  return explanation.kind === 'clause' ? [explanation] : explanation.operands.flatMap(clausesOf);
}

describe('explainFilter', () => {
  it('answers as the predicate, whatever the filter and the trace', () => {
    fc.assert(
      fc.property(filterNode, filterFacts, (filter, facts) => {
        expect(explainFilter(filter, facts).holds).toBe(compileFilter(filter)(facts));
      }),
      { numRuns: 5_000 },
    );
  });

  it('has at each node the answer that follows from the nodes below', () => {
    const check = (node: FilterExplanation): void => {
      if (node.kind === 'clause') return;
      const below = node.operands.map(({ holds }) => holds);
      const expected = {
        and: below.every(Boolean),
        same_span: below.every(Boolean),
        or: below.some(Boolean),
        not: below.length === 1 && !below[0],
      }[node.kind];
      expect(node.holds).toBe(expected);
      node.operands.forEach(check);
    };
    fc.assert(
      fc.property(filterNode, filterFacts, (filter, facts) => {
        check(explainFilter(filter, facts));
      }),
      { numRuns: 2_000 },
    );
  });

  it('shows no more than 80 characters of a value, on one line', () => {
    fc.assert(
      fc.property(filterNode, filterFacts, (filter, facts) => {
        for (const clause of clausesOf(explainFilter(filter, facts))) {
          expect(Array.from(clause.actual).length).toBeLessThanOrEqual(80);
          expect(clause.actual).not.toMatch(/[\r\n]/);
        }
      }),
      { numRuns: 2_000 },
    );
    const long = actual("tags.a = 'x'", { tags: { a: '💥'.repeat(10_000) } });
    expect(long).toBe(`'${'💥'.repeat(77)}…'`);
  });

  it.each<[string, Partial<FilterFacts>, string]>([
    ["status = 'OK'", {}, "'OK'"],
    ["tags.env = 'prod'", { tags: { env: "it's" } }, "'it's'"],
    ["tags.env = 'prod'", { tags: { env: '' } }, "''"],
    ["tags.env = 'prod'", { tags: { env: 'two\nlines' } }, "'two lines'"],
    ["tags.env = 'prod'", {}, 'no such tag'],
    ['metadata.a IS NULL', {}, 'no such metadata'],
    ["name = 'a'", {}, 'no name'],
    ["client_request_id = 'a'", {}, 'no client request id'],
    ["run_id = 'a'", {}, 'no run'],
    ["run_id = 'a'", { linkedRuns: ['r-1'] }, "1 link: 'r-1'"],
    ['execution_time_ms > 5', { executionDurationMs: 412 }, '412'],
    ['execution_time_ms > 5', { executionDurationMs: null }, 'no duration yet'],
    ["prompt = 'a/1'", {}, 'no linked prompt'],
    ["issue.id = 'iss-1'", { assessments: [issueOf('iss-2', true)] }, "'iss-2'"],
    ["issue.id = 'iss-1'", {}, 'no linked issue'],
    ["feedback.q = 'a'", {}, 'no such feedback'],
    ['expectation.q > 1', {}, 'no such expectation'],
    ["feedback.q = 'a'", { assessments: [assessmentOf({ name: 'q', value: 'b' })] }, "'b'"],
    ['feedback.q > 1', { assessments: [assessmentOf({ name: 'q', value: 0.5 })] }, '0.5'],
    [
      "feedback.q = 'a'",
      { assessments: ['b', true].map((value) => assessmentOf({ name: 'q', value })) },
      "2 values: 'b', true",
    ],
    ["span.name = 'a'", {}, 'no spans'],
    ["span.name = 'a'", { spans: [spanOf({ name: 'b' })] }, "1 span: 'b'"],
    [
      "span.name = 'c'",
      { spans: ['a', 'b', 'c', 'b'].map((name) => spanOf({ name })) },
      "4 spans: 'c', 'a', 'b'",
    ],
    ["span.type = 'LLM'", { spans: [spanOf({})] }, 'no type on 1 span'],
    [
      "span.attributes.model = 'x'",
      { spans: [spanOf({ attributes: { model: '"gpt-4"' } }), spanOf({}), spanOf({})] },
      "1 of 3 spans: 'gpt-4'",
    ],
    ["span.attributes.model = 'x'", { spans: [spanOf({})] }, 'no such attribute on 1 span'],
    ["span.content LIKE 'x'", { spans: [spanOf({}), spanOf({})] }, 'text of 2 spans'],
  ])('says of %s what the trace has there', (filter, overrides, expected) => {
    expect(actual(filter, overrides)).toBe(expected);
  });

  it('names the span that comes nearest to what one span has to fulfil', () => {
    const spans = [
      spanOf({ name: 'root', type: 'CHAIN' }),
      spanOf({ name: 'search_web', type: 'TOOL' }),
      spanOf({ name: 'answer', type: 'LLM', status: 'ERROR' }),
    ];
    const text = "span.name = 'search_web' AND span.type = 'TOOL' AND span.status = 'ERROR'";
    expect(explain(text, factsOf({ spans }))).toEqual({
      kind: 'same_span',
      holds: false,
      operands: [
        {
          kind: 'clause',
          clause: "span.name = 'search_web'",
          holds: true,
          actual: "'search_web' on span 2 of 3",
        },
        {
          kind: 'clause',
          clause: "span.type = 'TOOL'",
          holds: true,
          actual: "'TOOL' on span 2 of 3, 'search_web'",
        },
        {
          kind: 'clause',
          clause: "span.status = 'ERROR'",
          holds: false,
          actual: "'OK' on span 2 of 3, 'search_web'",
        },
      ],
    });
  });

  it('says that there is no span', () => {
    const explanation = explain("span.name = 'a' AND span.type = 'b'", factsOf());
    expect(clausesOf(explanation).map((clause) => clause.actual)).toEqual(['no spans', 'no spans']);
  });
});

describe('describeExplanation', () => {
  const facts = factsOf({ name: 'checkout', spans: [spanOf({ name: 'root', type: 'CHAIN' })] });

  it('marks each line for what holds and what does not', () => {
    const text =
      "status = 'OK' AND (tags.env = 'prod' OR NOT name = 'checkout') AND span.type = 'CHAIN' AND span.status = 'ERROR'";
    expect(describeExplanation(explain(text, facts)).split('\n')).toEqual([
      '✗ all of',
      "  ✓ status = 'OK'  here: 'OK'",
      '  ✗ one of',
      "    ✗ tags.env = 'prod'  here: no such tag",
      '    ✗ not',
      "      ✓ name = 'checkout'  here: 'checkout'",
      '  ✗ one span with all of',
      "    ✓ span.type = 'CHAIN'  here: 'CHAIN' on span 1 of 1, 'root'",
      "    ✗ span.status = 'ERROR'  here: 'OK' on span 1 of 1, 'root'",
    ]);
  });

  it('leaves out on demand what does not make the filter false', () => {
    const text =
      "status = 'OK' AND tags.env = 'prod' AND NOT (name = 'checkout' OR name = 'search')";
    const lines = describeExplanation(explain(text, facts), { only: 'false' }).split('\n');
    expect(lines).toEqual([
      '✗ all of',
      "  ✗ tags.env = 'prod'  here: no such tag",
      '  ✗ not',
      '    ✓ one of',
      "      ✓ name = 'checkout'  here: 'checkout'",
    ]);
    expect(describeExplanation(explain("status = 'OK'", facts), { only: 'false' })).toBe('');
  });

  it('has a line for the empty filter', () => {
    expect(describeExplanation(explain('', facts))).toBe(
      '✓ the empty filter, which every trace passes',
    );
  });
});
