import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/core/filter/compile-filter.ts';
import { parseFilter } from '../../../src/core/filter/parse-filter.ts';
import { readOracle, readOracleTraces } from './oracle.ts';

const traces = readOracleTraces();
const quirks = readOracle().filter((line) => line.quirk !== undefined);

/** How many traces a filter matches here, or `refused`, next to MLflow's answer. */
function answers(filter: string): { readonly mlflow: number | 'refused'; readonly assay: unknown } {
  const line = quirks.find((each) => each.filter === filter);
  if (line === undefined) throw new Error(`not a quirk of the recorded answers: ${filter}`);
  const parsed = parseFilter(filter);
  const matches = parsed.ok ? compileFilter(parsed.filter) : undefined;
  return {
    mlflow: line.ok ? (line.trace_ids ?? []).length : 'refused',
    assay: matches ? traces.filter(({ facts }) => matches(facts)).length : 'refused',
  };
}

describe('filters that mean something else than in MLflow, on purpose', () => {
  it.each([
    ["tags.name = 'tag called name'", 0, 1],
    ["tags.run_id = 'tag called run_id'", 0, 1],
    ["tags.text = 'tag called text'", 'refused', 1],
    ["metadata.name = 'GenerateAnswer'", 1, 0],
  ])('a key is only a key, whatever it is called: %s', (filter, mlflow, assay) => {
    expect(answers(filter)).toEqual({ mlflow, assay });
  });

  it.each([["name RLIKE '('"], ["name RLIKE '[z-a]'"]])(
    'a pattern that cannot match is refused: %s',
    (filter) => {
      expect(answers(filter)).toEqual({ mlflow: 0, assay: 'refused' });
    },
  );

  it.each([
    ["name = 'GenerateAnswer' status = 'OK'", 1],
    ["name = 'GenerateAnswer' AND", 1],
    ["name = 'GenerateAnswer' AND AND status = 'OK'", 1],
  ])('between two clauses there is one AND: %s', (filter, mlflow) => {
    expect(answers(filter)).toEqual({ mlflow, assay: 'refused' });
  });

  it.each([
    ["status IN (('OK','ERROR'))", 154, 'refused'],
    ["status IN ('O\\x4b')", 146, 0],
  ])('a list holds plain texts, without nesting and escapes: %s', (filter, mlflow, assay) => {
    expect(answers(filter)).toEqual({ mlflow, assay });
  });

  it.each([
    ["tags. = 'x'", 0],
    ["tags..a = 'x'", 0],
  ])('a key is never empty: %s', (filter, mlflow) => {
    expect(answers(filter)).toEqual({ mlflow, assay: 'refused' });
  });

  it.each([
    ['metadata.mlflow.trace.tokenUsage LIKE \'%"input_tokens": 10%\'', 'refused', 2],
    ["metadata.mlflow.trace.tokenUsage RLIKE '10'", 'refused', 5],
  ])('token usage is metadata like any other: %s', (filter, mlflow, assay) => {
    expect(answers(filter)).toEqual({ mlflow, assay });
  });

  it('text that is no number is not compared with numbers', () => {
    expect(answers("execution_time_ms = ''")).toEqual({ mlflow: 0, assay: 'refused' });
  });
});

describe('answers that depend on the database of MLflow', () => {
  it('folds the case of all letters, as Postgres does', () => {
    const filter = "name ILIKE 'NAÏVE CAFÉ'";
    const postgres = quirks.find((line) => line.filter === filter)?.postgres;
    expect(answers(filter).assay).toBe(postgres?.trace_ids?.length);
  });
});

describe('odd answers of MLflow that are kept', () => {
  it.each([
    ["timestamp_ms > '1795177805000'", 76],
    ["`timestamp` = '1795177805000'", 1],
    ["name = 'it''s'", 0],
    ["tags.line RLIKE 'one.two'", 0],
    ["tags.path LIKE 'c:\\\\x'", 0],
    ["name\u00a0=\u00a0'GenerateAnswer'", 1],
  ])('%j', (filter, matched) => {
    expect(answers(filter)).toEqual({ mlflow: matched, assay: matched });
  });
});
