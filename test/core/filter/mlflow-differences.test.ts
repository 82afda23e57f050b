import { describe, expect, it } from 'vitest';
import { answerOf, readOracle, readOracleTraces, searchOracle } from './oracle.ts';

/** How many of the 156 traces a filter matches. */
type Answer = number | 'refused';

interface Difference {
  readonly reason: string;
  readonly lines: readonly (readonly [filter: string, mlflow: Answer, assay: Answer])[];
}

/** On purpose; docs/mlflow-compatibility.md says more. */
const DIFFERENCES: readonly Difference[] = [
  {
    reason: 'there are NOT and parentheses',
    lines: [
      ["NOT name = 'GenerateAnswer'", 'refused', 155],
      ["(name = 'GenerateAnswer' AND status = 'OK')", 'refused', 1],
    ],
  },
  {
    reason: 'fields take every comparator that makes sense for them',
    lines: [
      ["status NOT LIKE 'O%'", 'refused', 10],
      ['timestamp IN (1,2)', 'refused', 0],
      ["name NOT IN ('GenerateAnswer')", 'refused', 154],
      ["tags.fruit NOT IN ('apple')", 'refused', 5],
      ["metadata.foo IN ('a')", 'refused', 0],
      ["span.type in ('LLM')", 'refused', 37],
      ['span.type IS NOT NULL', 'refused', 154],
      ["feedback.quality IN ('good')", 'refused', 2],
      ["feedback.quality NOT LIKE 'good'", 'refused', 14],
      ["expectation.x IN ('y')", 'refused', 0],
    ],
  },
  {
    reason: 'a key is only a key, whatever it is called',
    lines: [
      ["tags.name = 'tag called name'", 0, 1],
      ["tags.run_id = 'tag called run_id'", 0, 1],
      ["tags.run_id = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'", 2, 0],
      ["tags.text = 'tag called text'", 'refused', 1],
      ["metadata.name = 'GenerateAnswer'", 1, 0],
      ["feedback.name = 'fb called name'", 0, 1],
      ['feedback.name IS NOT NULL', 155, 1],
      ["issue.name = 'GenerateAnswer'", 1, 'refused'],
    ],
  },
  {
    reason: 'between two clauses there is one AND',
    lines: [
      ["name = 'GenerateAnswer' status = 'OK'", 1, 'refused'],
      ["name = 'GenerateAnswer' AND", 1, 'refused'],
      ["name = 'GenerateAnswer' AND AND status = 'OK'", 1, 'refused'],
    ],
  },
  {
    reason: 'all clauses count, also several of run_id',
    lines: [
      [
        "run_id = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f' AND run_id = '1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e'",
        1,
        0,
      ],
      [
        "run_id = '1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e1e' AND run_id = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'",
        2,
        0,
      ],
    ],
  },
  {
    reason: 'a pattern that cannot match is refused',
    lines: [
      ["name RLIKE '('", 0, 'refused'],
      ["name RLIKE '[z-a]'", 0, 'refused'],
    ],
  },
  {
    reason: 'a list holds plain texts, without nesting and escapes',
    lines: [
      ["status IN (('OK','ERROR'))", 154, 'refused'],
      ["status IN ('O\\x4b')", 146, 0],
    ],
  },
  {
    reason: 'a key is never empty',
    lines: [
      ["tags. = 'x'", 0, 'refused'],
      ["tags..a = 'x'", 0, 'refused'],
    ],
  },
  {
    reason: 'text that is no number is not compared with numbers',
    lines: [["execution_time_ms = ''", 0, 'refused']],
  },
  {
    reason: 'ILIKE folds the case of all letters, as in MLflow on Postgres',
    lines: [
      ["name ILIKE 'NAÏVE CAFÉ'", 1, 2],
      ["name ILIKE '%é'", 1, 2],
    ],
  },
  {
    reason: 'token usage is metadata like any other',
    lines: [
      ['metadata.mlflow.trace.tokenUsage LIKE \'%"input_tokens": 10%\'', 'refused', 2],
      ["metadata.mlflow.trace.tokenUsage RLIKE '10'", 'refused', 5],
    ],
  },
  {
    reason: 'a span attribute is compared by its value, and not by the text of the whole span',
    lines: [
      ["span.attributes.model = 'gpt-4-turbo-preview'", 0, 1],
      ["span.attributes.model != 'gpt-4-turbo-preview'", 155, 18],
      ["span.attributes.model NOT IN ('gpt-4-turbo-preview')", 'refused', 18],
      ["span.attributes.model LIKE '%llm%'", 19, 0],
    ],
  },
  {
    reason: 'a pattern fits text in an assessment also without the quotes of JSON',
    lines: [["feedback.quality LIKE 'good%'", 0, 3]],
  },
  {
    reason: '5 and 5.0 are the same number',
    lines: [
      ["feedback.score = '5.0'", 1, 2],
      ["feedback.score != '5'", 13, 12],
    ],
  },
  {
    reason: 'an assessment of a session counts for the trace that it is on',
    lines: [
      ['feedback.session_quality IS NULL', 153, 155],
      ['feedback.session_quality IS NOT NULL', 3, 1],
      ["feedback.session_quality LIKE '%good%'", 3, 1],
    ],
  },
];

/** Odd answers that are kept, or that do not show in these traces. */
const KEPT: readonly (readonly [filter: string, matched: Answer])[] = [
  ['status IN (OK)', 'refused'],
  ["timestamp_ms > '1795177805000'", 76],
  ["timestamp_ms = '1795177805000'", 1],
  ["`timestamp` = '1795177805000'", 1],
  ["name = 'it''s'", 0],
  ["tags.line RLIKE 'one.two'", 0],
  ["tags.percent LIKE '%\\%%'", 0],
  ["tags.path LIKE 'c:\\\\x'", 0],
  ["tags.Name = 'tag called name'", 0],
  [
    'metadata.mlflow.trace.tokenUsage = \'{"output_tokens": 2, "input_tokens": 10, "total_tokens": 12}\'',
    0,
  ],
  ['metadata.mlflow.trace.cost IS NOT NULL', 29],
  ["trace.text LIKE '%100\\%%'", 0],
  ['trace.text LIKE \'%said "yes"%\'', 0],
  ["trace.text LIKE '%said \\\\\"yes%'", 0],
  ['span.content LIKE \'%"name":"llm"%\'', 0],
  ["trace.text LIKE '%mlflow.spanType%'", 154],
  ["span.attributes.model RLIKE 'OK'", 0],
  ["timestamp_ms > 1795177820000 AND span.type = 'TOOL'", 3],
  ["feedback.quality LIKE '%good%'", 4],
  ["feedback.quality LIKE '\"good%'", 3],
  ['feedback.quality RLIKE \'^"good"$\'', 2],
  ["name\u00a0=\u00a0'GenerateAnswer'", 1],
];

const traces = readOracleTraces();
const quirks = readOracle().filter((line) => line.quirk !== undefined);

function quirkOf(filter: string) {
  const line = quirks.find((each) => each.filter === filter);
  if (line === undefined) throw new Error(`not a quirk of the recorded answers: ${filter}`);
  return line;
}

function count(ids: readonly string[] | undefined): Answer {
  return ids === undefined ? 'refused' : ids.length;
}

describe('filters that mean something else than in MLflow 3.18.0, on purpose', () => {
  describe.each(DIFFERENCES)('$reason', ({ lines }) => {
    it.each(lines)('%j', (filter, mlflow, assay) => {
      expect({
        mlflow: count(answerOf(quirkOf(filter))),
        assay: count(searchOracle(traces, filter)),
      }).toEqual({ mlflow, assay });
    });
  });

  it('folds case as MLflow does on Postgres', () => {
    for (const filter of ["name ILIKE 'NAÏVE CAFÉ'", "name ILIKE '%é'"]) {
      expect(searchOracle(traces, filter)).toEqual(quirkOf(filter).postgres?.trace_ids?.toSorted());
    }
  });
});

describe('odd answers of MLflow that are the same here', () => {
  it.each(KEPT)('%j', (filter, matched) => {
    expect(searchOracle(traces, filter)).toEqual(answerOf(quirkOf(filter)));
    expect(count(searchOracle(traces, filter))).toBe(matched);
  });
});

it('has every odd line of the recorded answers, once', () => {
  const listed = [...DIFFERENCES.flatMap(({ lines }) => lines), ...KEPT].map(([filter]) => filter);
  expect(listed.toSorted()).toEqual(quirks.map(({ filter }) => filter ?? '').toSorted());
});
