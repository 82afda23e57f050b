import { compileFilter } from '../../src/core/filter/evaluate/compile-filter.ts';
import { type FilterFacts, toFilterFacts } from '../../src/core/filter/facts.ts';
import { parseFilter } from '../../src/core/filter/parse/parse-filter.ts';
import { decoded } from './decoded.ts';
import { type Measurement, measure } from './measure.ts';

interface Case {
  readonly name: string;
  readonly filter: string;
  /** How often it is evaluated between two looks at the clock. */
  readonly count: number;
}

/** All clauses hold for the trace that is chosen below, so that each one is looked at. */
const CASES: readonly Case[] = [
  {
    name: 'five clauses about the trace',
    filter:
      "status = 'OK' AND name LIKE 'support%' AND tags.env = 'production' AND timestamp_ms > 1700000000000 AND execution_time_ms < 60000",
    count: 10_000,
  },
  {
    name: 'five clauses about the trace, with IN, ILIKE and RLIKE',
    filter:
      "status IN ('OK', 'ERROR') AND name RLIKE '^support' AND tags.env ILIKE 'PROD%' AND metadata.mlflow.trace.session IS NOT NULL AND execution_time_ms >= 0",
    count: 10_000,
  },
  {
    name: 'five clauses, three of them about one of 5 spans',
    filter:
      "status = 'OK' AND tags.env = 'production' AND span.type = 'TOOL' AND span.status = 'OK' AND span.name LIKE 'lookup%'",
    count: 1_000,
  },
  {
    name: 'five clauses, two of them about feedback',
    filter:
      "status = 'OK' AND tags.env = 'production' AND name = 'support_agent' AND feedback.csat >= 4 AND feedback.thumbs_up = 'true'",
    count: 1_000,
  },
  {
    name: 'one clause that reads the whole text of 5 spans',
    filter: "NOT trace.text LIKE '%nowhere to be found%'",
    count: 100,
  },
];

export function measureFilters(lines: readonly string[]): readonly Measurement[] {
  const compiled = CASES.map((each) => ({ ...each, matches: compile(each.filter) }));
  const traces = lines.map((line) => toFilterFacts(decoded(line)));
  const facts = traces.find((each) => compiled.every(({ matches }) => matches(each)));
  if (facts === undefined) throw new Error('no trace of the example fits all filters');
  return [
    measure('filters parsed and compiled', CASES.length, () => {
      for (const { filter } of CASES) compile(filter);
    }),
    ...compiled.map(({ name, count, matches }) =>
      measure(`evaluations of ${name}`, count, () => {
        for (let left = count; left > 0; left--) {
          if (!matches(facts)) throw new Error(`changed its mind: ${name}`);
        }
      }),
    ),
  ];
}

function compile(text: string): (facts: FilterFacts) => boolean {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error.message}`);
  return compileFilter(parsed.filter);
}
