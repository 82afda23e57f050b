import type { FilterCheckBody } from '../contract/http/filters.ts';
import { toOneLine } from './table.ts';

type Example = NonNullable<FilterCheckBody['examples']>['matching'][number];

/** That the filter is valid, and what it says. */
export function describeValidity({ normalized }: Pick<FilterCheckBody, 'normalized'>): string {
  return normalized === ''
    ? 'the empty filter is valid: every trace matches\n'
    : `the filter is valid: ${normalized}\n`;
}

/** How many traces match, and why some do and some do not. */
export function describePreview(
  check: FilterCheckBody,
  { experimentId, rate }: { readonly experimentId: string; readonly rate: number | undefined },
): string {
  const { matched = 0, of = 0, would_score: wouldScore, ineligible = {}, examples } = check;
  if (of === 0) return `experiment ${experimentId} has no stored traces to try it on\n`;
  const scores = wouldScore === undefined ? '' : `; at rate ${rate} scores ${count(wouldScore)}`;
  const parts = [
    `matches ${count(matched)} of the last ${count(of)}${scores}\n`,
    check.stopped_early === true ? 'time was up: older traces were not looked at\n' : '',
    describeIneligible(ineligible),
    describeExamples('matching', examples?.matching ?? []),
    describeExamples('not matching', examples?.not_matching ?? []),
  ];
  return parts.join('');
}

function describeIneligible(ineligible: Readonly<Record<string, number>>): string {
  const reasons = Object.entries(ineligible);
  if (reasons.length === 0) return '';
  const sum = reasons.reduce((total, [, traces]) => total + traces, 0);
  const shown = reasons.map(([reason, traces]) => `${reason} ${count(traces)}`).join(', ');
  return `${count(sum)} of these are not scored, whatever the filter: ${shown}\n`;
}

function describeExamples(heading: string, examples: readonly Example[]): string {
  if (examples.length === 0) return '';
  return `\n${heading}:\n${examples.map(describeExample).join('')}`;
}

function describeExample({ trace_id: traceId, name, why }: Example): string {
  const lines = why.split('\n').filter((line) => line !== '');
  const title = name === null ? traceId : `${traceId}  ${name}`;
  return [`  ${toOneLine(title)}`, ...lines.map((line) => `    ${toOneLine(line)}`), ''].join('\n');
}

/** 5000 as `5,000`. */
function count(number: number): string {
  return number.toLocaleString('en');
}
