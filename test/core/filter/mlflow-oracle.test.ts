import { describe, expect, it } from 'vitest';
import { answerOf, readOracle, readOracleTraces, searchOracle } from './oracle.ts';

const lines = readOracle();
const traces = readOracleTraces();
/** The other lines are those of mlflow-differences.test.ts. */
const contract = lines.filter(({ quirk }) => quirk === undefined);

describe('filters, against the answers of MLflow 3.18.0', () => {
  it('has all lines, so that none is left out unseen', () => {
    expect(traces).toHaveLength(156);
    expect(lines).toHaveLength(448);
    expect(contract).toHaveLength(380);
    expect(contract.filter(({ ok }) => ok)).toHaveLength(266);
  });

  it.each(contract.map((line) => [line.filter, line] as const))(
    'answers %j as MLflow',
    (filter, line) => {
      expect(searchOracle(traces, filter)).toEqual(answerOf(line));
    },
  );
});
