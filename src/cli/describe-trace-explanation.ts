import type { ScorerExplanationBody, TraceExplanationBody } from '../contract/http/explain.ts';
import { describeExplanation } from '../core/filter/explain/explain-filter.ts';
import { UNREADABLE } from '../core/explain/explain-trace.ts';
import { formatFields, toOneLine } from './table.ts';

/** The trace as a whole, then a block for each scorer, then what would be decided now where that differs. */
export function describeTraceExplanation(explanation: TraceExplanationBody): string {
  const { scorers, earlier, now } = explanation;
  const sections = [
    describeWhole(explanation),
    ...scorers.map(describeScorer),
    ...earlier.flatMap(describeEarlier),
    ...describeNow(scorers, now),
  ];
  return sections.join('\n');
}

function describeWhole({
  trace_id,
  experiment_id,
  decision,
  reason,
}: TraceExplanationBody): string {
  return formatFields([
    ['trace', trace_id],
    ['experiment', experiment_id],
    ['decision', decision],
    ['reason', reason],
  ]);
}

function describeEarlier({ record, scorers }: TraceExplanationBody['earlier'][number]) {
  const { topic, partition, offset } = record.position;
  const place = toOneLine(`${topic}/${partition} offset ${offset}`);
  const unreadable = record.readable ? '' : `  ${UNREADABLE}\n`;
  const title = `earlier record, ${place}, configuration revision ${record.config_revision}:\n`;
  return [`${title}${unreadable}`, ...scorers.map(describeScorer)];
}

function describeScorer(scorer: ScorerExplanationBody): string {
  const { name, version, decision, reason, filter, feedback_ids: feedbackIds } = scorer;
  const title = version === null ? name : `${name}@${version}`;
  const lines = [
    `${title}  ${decision}`,
    `  ${reason}`,
    ...(filter === null ? [] : linesOf(describeExplanation(filter)).map((line) => `    ${line}`)),
    ...feedbackIds.map((id) => `  feedback ${id}`),
  ];
  return lines.map((line) => `${toOneLine(line)}\n`).join('');
}

/** Only scorers of which something else would be decided: that a judged trace is not judged again is no news. */
function describeNow(
  scorers: readonly ScorerExplanationBody[],
  now: readonly ScorerExplanationBody[],
): readonly string[] {
  const before = new Map(scorers.map((scorer) => [scorer.name, scorer]));
  const changed = now.filter((scorer) => {
    const then = before.get(scorer.name);
    if (then === undefined) return true;
    const isJudged = scorer.decision === 'already_scored' && then.version === scorer.version;
    return !isJudged && (then.decision !== scorer.decision || then.version !== scorer.version);
  });
  if (changed.length === 0) return [];
  return ['if the trace came now:\n', ...changed.map(describeScorer)];
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
