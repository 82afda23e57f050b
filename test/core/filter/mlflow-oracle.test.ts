import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/core/filter/compile-filter.ts';
import { parseFilter } from '../../../src/core/filter/parse-filter.ts';
import { type OracleLine, readOracle, readOracleTraces } from './oracle.ts';

/** Fields and entities of MLflow that this version does not filter on. */
const TO_COME =
  /\b(?:span|feedback|expectation|issue)\.|\b(?:client_)?request_id\b|\brun_id\b|\bprompt\b|\bend_time|trace\.text/;

/** Lines that need what a trace's JSON does not hold: the association of a trace with a run. */
const NOT_IN_THE_TRACE = ["metadata.mlflow.sourceRun = '0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f'"];

const lines = readOracle().filter((line) => !TO_COME.test(line.filter ?? ''));
const traces = readOracleTraces();

/** Ids of the traces that a filter matches, in order of the id; undefined where it is refused. */
function search(filter: string | null): readonly string[] | undefined {
  const parsed = parseFilter(filter ?? '');
  if (!parsed.ok) return undefined;
  const matches = compileFilter(parsed.filter);
  return traces
    .filter(({ facts }) => matches(facts))
    .map(({ traceId }) => traceId)
    .sort();
}

function answer(line: OracleLine): readonly string[] | undefined {
  return line.ok ? (line.trace_ids ?? []).toSorted() : undefined;
}

describe('filters, against the answers of MLflow 3.18.0', () => {
  const contract = lines.filter(
    (line) => line.quirk === undefined && !NOT_IN_THE_TRACE.includes(line.filter ?? ''),
  );

  it('has all lines on the fields of this version, so that none is left out unseen', () => {
    expect(traces).toHaveLength(156);
    expect(contract).toHaveLength(227);
    expect(contract.filter((line) => line.ok)).toHaveLength(147);
  });

  it.each(contract.map((line) => [line.filter, line] as const))(
    'answers %j as MLflow',
    (_, line) => {
      expect(search(line.filter)).toEqual(answer(line));
    },
  );
});
