import type { ScorerBody, ScorerVersionsBody } from '../contract/http/scorers.ts';
import { formatFields, formatTable } from './table.ts';

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
  return formatFields([
    ['name', scorer.name],
    ['experiment', scorer.experiment_id],
    ['status', scorer.status],
    ['version', String(scorer.version)],
    ['sample rate', rateOf(scorer)],
    ['filter', scorer.filter_string ?? '-'],
    ['evaluation runs', scorer.include_evaluation_runs ? 'scored too' : 'not scored'],
    ['definition', scorer.definition === null ? '-' : JSON.stringify(scorer.definition)],
    ['changed', `${scorer.updated_at} by ${scorer.updated_by} (revision ${scorer.revision})`],
  ]);
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
    JSON.stringify(version.definition),
  ]);
  const headings = ['VERSION', 'IN FORCE', 'HASH', 'CREATED', 'BY', 'DEFINITION'];
  return formatTable(headings, rows, width);
}

function rateOf({ sample_rate: rate }: ScorerBody): string {
  return rate === null ? '-' : String(rate);
}
