import { AGGREGATIONS } from '../aggregation.ts';
import type { EvaluationAggregate } from './aggregate-rows.ts';
import type { EvaluationRow } from './evaluation-row.ts';

const MAX_CELL = 40;
const MAX_PROBLEM = 120;
const PROBLEMS_SHOWN = 5;

/** What an evaluation came to, for a terminal: a line for each aggregate, then the first errors. */
export function toTable(
  rows: readonly EvaluationRow[],
  aggregates: readonly EvaluationAggregate[],
): string {
  const failed = rows.filter(({ predictError }) => predictError !== null).length;
  const title = `${count(rows.length, 'row')}${failed === 0 ? '' : `, predict failed for ${failed}`}`;
  const problems = problemsOf(rows);
  const hidden = problems.length - PROBLEMS_SHOWN;
  return [
    title,
    ...(aggregates.length === 0 ? [] : align(toCells(aggregates))),
    ...(problems.length === 0 ? [] : ['', 'Errors:', ...problems.slice(0, PROBLEMS_SHOWN)]),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
  ].join('\n');
}

function toCells(aggregates: readonly EvaluationAggregate[]): readonly (readonly string[])[] {
  const used = AGGREGATIONS.filter((each) => aggregates.some(({ values }) => each in values));
  return [
    ['scorer', 'feedback', 'ok', 'error', 'none', 'n/a', ...used],
    ...aggregates.map(({ scorer, name, counts, values }) => [
      oneLine(scorer, MAX_CELL),
      oneLine(name, MAX_CELL),
      ...[counts.ok, counts.error, counts.none, counts.notApplicable].map(String),
      ...used.map((each) => formatNumber(values[each])),
    ]),
  ];
}

/** Texts to the left, numbers to the right. */
function align(lines: readonly (readonly string[])[]): readonly string[] {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((cells) => cells[column]?.length ?? 0)),
  );
  return lines.map((cells) =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column < 2 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
}

function problemsOf(rows: readonly EvaluationRow[]): readonly string[] {
  return rows.flatMap(({ index, predictError, results }) => {
    const line = (who: string, error: { errorCode: string; errorMessage: string }): string =>
      oneLine(`  row ${index}, ${who}: ${error.errorCode}: ${error.errorMessage}`, MAX_PROBLEM);
    if (predictError !== null) return [line('predict', predictError)];
    return results.flatMap(({ scorer, feedback }) =>
      feedback.flatMap(({ error }) => (error === null ? [] : [line(scorer, error)])),
    );
  });
}

/** Up to four places after the point, and never more than it takes. */
function formatNumber(value: number | null | undefined): string {
  if (value === undefined) return '';
  if (value === null) return '–';
  const isTiny = value !== 0 && Math.abs(value) < 0.001;
  return String(Number(isTiny ? value.toPrecision(3) : value.toFixed(4)));
}

function oneLine(text: string, max: number): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
  return line.length > max ? `${line.slice(0, max - 1)}…` : line;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
