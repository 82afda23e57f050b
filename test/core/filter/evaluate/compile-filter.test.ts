import type { Json } from '@assay/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../../src/core/filter/evaluate/compile-filter.ts';
import type { FilterFacts } from '../../../../src/core/filter/facts.ts';
import type { FilterClause, FilterNode } from '../../../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { filterClause, filterFacts, filterNode } from '../arbitrary-filter.ts';
import { assessmentOf, factsOf, issueOf, spanOf } from '../facts-of.ts';

const FACTS = factsOf({
  name: 'GenerateAnswer',
  timestampMs: 1_000,
  executionDurationMs: 250,
  tags: { fruit: 'apple' },
  metadata: { 'mlflow.trace.session': 's-1' },
});

function matches(text: string, facts: FilterFacts = FACTS): boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return compileFilter(parsed.filter)(facts);
}

describe('compileFilter', () => {
  it('lets every trace pass the empty filter', () => {
    expect(matches('')).toBe(true);
  });

  it('wants all clauses to hold', () => {
    expect(matches("status = 'OK' AND tags.fruit = 'apple' AND timestamp_ms > 999")).toBe(true);
    expect(matches("status = 'OK' AND tags.fruit = 'pear' AND timestamp_ms > 999")).toBe(false);
  });

  it.each(["= 'x'", "!= 'x'", "LIKE '%'", "ILIKE '%'", "RLIKE ''", 'IS NOT NULL'])(
    'lets a trace without the key match only IS NULL, not %s',
    (comparison) => {
      const without = { ...FACTS, name: undefined };
      for (const field of ['tags.nothing', 'metadata.nothing', 'name', 'tags.toString']) {
        expect(matches(`${field} ${comparison}`, without)).toBe(false);
        expect(matches(`${field} IS NULL`, without)).toBe(true);
      }
    },
  );

  it('lets a trace without the key match no list, not even with NOT IN', () => {
    const field = { name: 'tags', key: 'nothing' } as const;
    const notIn = compileFilter({ kind: 'list', field, comparator: 'NOT IN', values: ['x'] });
    expect(notIn(FACTS)).toBe(false);
    expect(notIn({ ...FACTS, tags: { nothing: 'y' } })).toBe(true);
  });

  it('reads a key that every object inherits only where the trace has it', () => {
    expect(matches("tags.constructor LIKE '%'")).toBe(false);
    const tags = Object.fromEntries([['constructor', 'acme']]);
    expect(matches("tags.constructor = 'acme'", { ...FACTS, tags })).toBe(true);
  });

  it.each(['=', '!=', '<', '<=', '>', '>='])(
    'lets a running trace match no duration, not even with %s',
    (comparator) => {
      const running = { ...FACTS, executionDurationMs: null };
      expect(matches(`execution_time_ms ${comparator} 0`, running)).toBe(false);
    },
  );

  it('distinguishes an empty value from none', () => {
    const facts = { ...FACTS, name: '', tags: { fruit: '' } };
    expect(matches("name = '' AND tags.fruit = '' AND tags.fruit IS NOT NULL", facts)).toBe(true);
  });

  it('minds the case of letters in = and LIKE, not in ILIKE', () => {
    expect(matches("name = 'generateanswer'")).toBe(false);
    expect(matches("name LIKE 'generate%'")).toBe(false);
    expect(matches("name ILIKE 'generate%'")).toBe(true);
  });

  it('searches RLIKE anywhere in the value', () => {
    expect(matches("name RLIKE 'ate[A-Z]'")).toBe(true);
    expect(matches("name RLIKE '^Answer'")).toBe(false);
  });

  it('takes time linear in the value where a backtracking engine would hang', () => {
    const facts = { ...FACTS, tags: { long: 'a'.repeat(50_000) } };
    const started = performance.now();
    expect(matches("tags.long RLIKE '^(a+)+$' AND tags.long RLIKE '(a|a)*b'", facts)).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('never throws, and answers the same again (I10)', () => {
    fc.assert(
      fc.property(filterNode, filterFacts, (filter, facts) => {
        const predicate = compileFilter(filter);
        const first = predicate(facts);
        expect(typeof first).toBe('boolean');
        expect(predicate(facts)).toBe(first);
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets exactly one of a comparison and its opposite hold where a trace has one value', () => {
    const opposite = {
      '=': '!=',
      '>': '<=',
      '<': '>=',
      IN: 'NOT IN',
      LIKE: 'NOT LIKE',
      ILIKE: 'NOT ILIKE',
      RLIKE: 'NOT RLIKE',
    } as const;
    const facts = filterFacts.map((each) => ({ ...each, linkedRuns: [] }));
    fc.assert(
      fc.property(filterClause, facts, (clause, each) => {
        const comparator = Object.entries(opposite).find(([one]) => one === clause.comparator)?.[1];
        const values = valuesOf(clause, each);
        if (comparator === undefined || values === undefined) return;
        // The table holds opposites within one kind of clause.
        const other = { ...clause, comparator } as FilterClause;
        const holds = [clause, other].map((one) => compileFilter(one)(each));
        expect(holds.filter(Boolean)).toHaveLength(values);
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads only the facts that its clauses name', () => {
    const seen = new Set<PropertyKey>();
    const watched = new Proxy(FACTS, {
      get(facts, property) {
        seen.add(property);
        return Reflect.get(facts, property) as unknown;
      },
    });
    matches("tags.fruit = 'apple' AND execution_time_ms > 5", watched);
    expect(seen).toEqual(new Set(['tags', 'executionDurationMs']));
  });

  it('adds up start and duration, and takes a running trace to have taken no time', () => {
    expect(matches('end_time_ms = 1250')).toBe(true);
    expect(matches('end_time_ms = 1000', { ...FACTS, executionDurationMs: null })).toBe(true);
  });

  it('looks for a run in the metadata and, with = only, among the links', () => {
    const linked = { ...FACTS, linkedRuns: ['r-1'] };
    const made = { ...FACTS, metadata: { 'mlflow.sourceRun': 'r-1' } };
    expect(matches("run_id = 'r-1'", linked)).toBe(true);
    expect(matches("metadata.mlflow.sourceRun = 'r-1'", linked)).toBe(true);
    expect(matches("run_id LIKE 'r-1'", linked)).toBe(false);
    expect(matches('run_id IS NULL', linked)).toBe(true);
    expect(matches("run_id LIKE 'r-1' AND run_id = 'r-1'", made)).toBe(true);
  });

  it('reads linked prompts from the tag of MLflow, and none from a tag that is something else', () => {
    const tag = (text: string) => ({ ...FACTS, tags: { 'mlflow.linkedPrompts': text } });
    const two = tag('[{"name": "greet", "version": "4"}, {"name": "judge", "version": 12}]');
    expect(matches("prompt = 'judge/12' AND prompt = 'greet/4'", two)).toBe(true);
    expect(matches("prompt = 'judge/1'", two)).toBe(false);
    for (const text of ['', 'no json', 'null', '{"name": "greet"}', '[null, 4, "greet/4"]']) {
      expect(matches("prompt = 'greet/4'", tag(text))).toBe(false);
    }
  });

  it('finds linked issues that are valid', () => {
    const withIssue = (valid: boolean) => ({ ...FACTS, assessments: [issueOf('iss-1', valid)] });
    expect(matches("issue.id = 'iss-1'", withIssue(true))).toBe(true);
    expect(matches("issue.id = 'iss-1'", withIssue(false))).toBe(false);
  });
});

describe('clauses about spans', () => {
  const spans = [
    spanOf({ name: 'search_web', type: 'TOOL', status: 'ERROR' }),
    spanOf({ name: 'other_tool', type: 'TOOL', attributes: { model: 'gpt-4' } }),
  ];
  const facts = factsOf({ spans });

  it.each([
    ["span.name = 'search_web'", true],
    ["span.name = 'search_web' AND span.status = 'ERROR'", true],
    ["span.name = 'search_web' AND span.status = 'OK'", false],
    ["span.status != 'ERROR'", true],
    ["span.type NOT IN ('TOOL')", false],
    // Through an OR: still one span.
    ["span.name = 'search_web' AND (span.status = 'OK' OR span.attributes.model = 'gpt-4')", false],
    [
      "span.name = 'other_tool' AND (span.status = 'ERROR' OR span.attributes.model = 'gpt-4')",
      true,
    ],
    [
      "span.name = 'search_web' AND (span.type = 'LLM' OR span.status = 'ERROR' AND span.type = 'TOOL')",
      true,
    ],
    [
      "span.name = 'other_tool' AND (span.type = 'LLM' OR span.status = 'ERROR' AND span.type = 'TOOL')",
      false,
    ],
    // An OR with a clause of the trace in it.
    ["span.name = 'search_web' AND (span.status = 'OK' OR status = 'OK')", true],
    ["span.name = 'search_web' AND (span.status = 'OK' OR status = 'ERROR')", false],
    // Parentheses around an AND: a span of its own.
    [
      "(span.name = 'search_web' AND span.status = 'ERROR') AND (span.name = 'other_tool' AND span.status = 'OK')",
      true,
    ],
    ["(span.name = 'search_web' AND span.status = 'OK') AND span.name = 'other_tool'", false],
    ["span.name = 'search_web' OR span.name = 'nothing'", true],
    // NOT speaks of the trace.
    ["NOT span.status = 'ERROR'", false],
    ["NOT span.status = 'UNSET'", true],
    ["span.name = 'other_tool' AND NOT span.status = 'ERROR'", false],
    ["NOT (span.name = 'search_web' AND span.status = 'OK')", true],
    ["span.attributes.model IS NULL AND span.status = 'ERROR'", true],
    ["span.attributes.model IS NOT NULL AND span.status = 'ERROR'", false],
  ])('%s is %s', (filter, expected) => {
    expect(matches(filter, facts)).toBe(expected);
  });

  it.each([
    ["span.name != 'x'", false],
    ['span.attributes.model IS NULL', false],
    ["span.name = 'x' AND span.status = 'OK'", false],
    ["NOT span.name = 'x'", true],
    ["(span.name = 'x' OR status = 'OK') AND (span.type = 'LLM' OR status = 'OK')", true],
  ])('for a trace without spans, %s is %s', (filter, expected) => {
    expect(matches(filter, FACTS)).toBe(expected);
  });

  it('distributes AND over OR: a span for both, whichever way it is written', () => {
    const clauses = fc.tuple(filterClause, filterClause, filterClause);
    fc.assert(
      fc.property(clauses, filterFacts, ([a, b, c], each) => {
        const short = and([a, or([b, c])]);
        const long = or([and([a, b]), and([a, c])]);
        expect(compileFilter(short)(each)).toBe(compileFilter(long)(each));
      }),
      { numRuns: 3_000 },
    );
  });

  it('compares an attribute by its value, whatever dialect it came in', () => {
    const wires = [
      { attributes: { model: '"gpt-4"', n: '5', on: 'true', list: '[1, 2]' } },
      { attributes: { model: 'gpt-4', n: 5, on: true, list: [1, 2] }, decoded: true },
    ];
    for (const wire of wires) {
      const one = factsOf({ spans: [spanOf(wire)] });
      const filter =
        "span.attributes.model = 'gpt-4' AND span.attributes.n = '5' AND span.attributes.n = '5.0' AND span.attributes.on = 'true' AND span.attributes.list = '[1, 2]'";
      expect(matches(filter, one)).toBe(true);
      expect(matches("span.attributes.model RLIKE '^gpt'", one)).toBe(true);
      expect(matches("span.attributes.model LIKE 'pt-4'", one)).toBe(false);
    }
  });

  it('has no type for a span whose client gave none', () => {
    const untyped = factsOf({ spans: [spanOf({ name: 'a' })] });
    expect(matches("span.type NOT IN ('LLM')", untyped)).toBe(false);
    expect(matches('span.type IS NULL', untyped)).toBe(true);
  });
});

describe('clauses about assessments', () => {
  const having = (...values: readonly Json[]) =>
    factsOf({ assessments: values.map((value) => assessmentOf({ name: 'q', value })) });

  it.each([
    ['good', "= 'good'", true],
    ['good', `= '"good"'`, true],
    ['good', "!= 'good'", false],
    ['good', "LIKE 'g%'", true],
    ['good', `LIKE '"g%'`, true],
    ['good', "NOT LIKE 'b%'", true],
    ['good', "RLIKE '^good$'", true],
    ['good', "IN ('bad', 'good')", true],
    ['検索', "LIKE '%索%'", true],
    [true, "= 'true'", true],
    ['true', "= 'true'", true],
    [true, "= 'True'", false],
    [null, "= 'null'", true],
    [null, "!= 'x'", true],
    [null, 'IS NOT NULL', true],
    [5, "= '5'", true],
    [5, "= '5.0'", true],
    [5, "!= '5'", false],
    ['5', "= '5'", true],
    ['5', "= '5.0'", false],
    [0.00001, "= '1e-05'", true],
    [1e16, "= '1e+16'", true],
    [[5, 6], "= '[5, 6]'", true],
    [{ v: 5, w: 'a,b:c' }, `= '{"v": 5, "w": "a,b:c"}'`, true],
    [5, '>= 5', true],
    ['5', '>= 5', false],
    [true, '> 0', false],
    [null, '< 1', false],
    [[7], '> 5', false],
  ] satisfies [Json, string, boolean][])('for %j, feedback.q %s is %s', (value, rest, expected) => {
    expect(matches(`feedback.q ${rest}`, having(value))).toBe(expected);
  });

  it('lets one of several values match', () => {
    const two = having('good', 'bad');
    expect(matches("feedback.q = 'good' AND feedback.q = 'bad' AND feedback.q != 'bad'", two)).toBe(
      true,
    );
    expect(matches("NOT feedback.q = 'bad'", two)).toBe(false);
  });

  it('looks at valid ones of the kind and name only', () => {
    const others = factsOf({
      assessments: [
        assessmentOf({ name: 'q', value: 1, valid: false }),
        assessmentOf({ name: 'Q', value: 1 }),
        assessmentOf({ name: 'q', value: 1, kind: 'expectation' }),
        issueOf('q', true),
      ],
    });
    expect(matches('feedback.q IS NULL', others)).toBe(true);
    expect(matches("expectation.q = '1'", others)).toBe(true);
  });
});

function and(operands: readonly FilterNode[]): FilterNode {
  return { kind: 'and', operands };
}

function or(operands: readonly FilterNode[]): FilterNode {
  return { kind: 'or', operands };
}

/** How many values a trace has there, where it has at most one of the field; undefined for other fields. */
function valuesOf({ field }: FilterClause, facts: FilterFacts): 0 | 1 | undefined {
  switch (field.name) {
    case 'tags':
    case 'metadata':
      return Object.hasOwn(facts[field.name], field.key) ? 1 : 0;
    case 'run_id':
      return Object.hasOwn(facts.metadata, 'mlflow.sourceRun') ? 1 : 0;
    case 'name':
      return facts.name === undefined ? 0 : 1;
    case 'client_request_id':
      return facts.clientRequestId === null ? 0 : 1;
    case 'execution_time_ms':
      return facts.executionDurationMs === null ? 0 : 1;
    case 'request_id':
    case 'status':
    case 'timestamp_ms':
    case 'end_time_ms':
      return 1;
    case 'span.name':
    case 'span.type':
    case 'span.status':
    case 'span.content':
    case 'span.attributes':
    case 'feedback':
    case 'expectation':
    case 'prompt':
    case 'issue.id':
      return undefined;
  }
}
