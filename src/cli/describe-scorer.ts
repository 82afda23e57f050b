import type { ScorerBody, ScorerVersionsBody } from '../contract/http/scorers.ts';
import { formatFields, formatTable, toOneLine } from './table.ts';

/** Scorers one below the other. */
export function listScorers(scorers: readonly ScorerBody[], width: number): string {
  const rows = scorers.map((scorer) => [
    scorer.name,
    scorer.kind,
    scorer.status,
    String(scorer.version),
    rateOf(scorer),
    scorer.filter_string ?? '-',
  ]);
  return formatTable(['NAME', 'KIND', 'STATUS', 'VERSION', 'RATE', 'FILTER'], rows, width);
}

/** Everything about one scorer. */
export function describeScorer(scorer: ScorerBody): string {
  const fields = formatFields([
    ['name', scorer.name],
    ['experiment', scorer.experiment_id],
    ['status', scorer.status],
    ['version', String(scorer.version)],
    ['sample rate', rateOf(scorer)],
    ['filter', scorer.filter_string ?? '-'],
    ['evaluation runs', scorer.include_evaluation_runs ? 'scored too' : 'not scored'],
    ['definition', describeDefinition(scorer.definition)],
    ['changed', `${scorer.updated_at} by ${scorer.updated_by} (revision ${scorer.revision})`],
  ]);
  const source = sourceOf(scorer.definition);
  return source === undefined ? fields : `${fields}\n${source}\n`;
}

/** One line about a scorer after a change: `safety is active: version 2, rate 0.5, no filter`. */
export function summarizeScorer(scorer: ScorerBody): string {
  const filter = scorer.filter_string === null ? 'no filter' : `filter ${scorer.filter_string}`;
  const sampling = scorer.sample_rate === null ? '' : `, rate ${scorer.sample_rate}, ${filter}`;
  const runs = scorer.include_evaluation_runs ? ', evaluation runs too' : '';
  const facts = `version ${scorer.version}${sampling}${runs}`;
  return `${scorer.name} is ${scorer.status} in experiment ${scorer.experiment_id}: ${facts}\n`;
}

export function listVersions({ versions }: ScorerVersionsBody, width: number): string {
  const rows = versions.map((version) => [
    String(version.version),
    version.in_force ? 'yes' : '-',
    version.content_hash.slice(0, 12),
    version.created_at,
    version.created_by,
    describeDefinition(version.definition),
  ]);
  const headings = ['VERSION', 'IN FORCE', 'HASH', 'CREATED', 'BY', 'DEFINITION'];
  return formatTable(headings, rows, width);
}

/** A definition on one line: its JSON, or how its source begins and how long it is. */
function describeDefinition(definition: ScorerBody['definition']): string {
  const source = sourceOf(definition);
  if (source === undefined) return definition === null ? '-' : JSON.stringify(definition);
  const lines = source.split('\n');
  const first = lines.find((line) => !/^\s*(?:$|import\b|\/[/*]|\*)/.test(line)) ?? '';
  const size = lines.length === 1 ? '' : ` (${lines.length} lines)`;
  // Where types stood there are blanks.
  return `code: ${first.trim().replace(/ +/g, ' ')}${size}`;
}

function sourceOf(definition: ScorerBody['definition']): string | undefined {
  const isCode = definition?.['kind'] === 'code' && typeof definition['source'] === 'string';
  // What is stored is shown on a terminal; line breaks are all that it may do there.
  return isCode ? String(definition['source']).split('\n').map(toOneLine).join('\n') : undefined;
}

function rateOf({ sample_rate: rate }: ScorerBody): string {
  return rate === null ? '-' : String(rate);
}
