import type {
  AssessmentField,
  LinkField,
  ListClause,
  PresenceClause,
  SpanField,
  TextClause,
} from '../../../core/filter/filter-node.ts';
import {
  type FindRun,
  type NeededRuns,
  neededRuns,
  respelledRun,
  verbatimRun,
} from './body-runs.ts';
import { ALWAYS, all, any, type Condition, condition, NEVER } from './condition.ts';
import { textParameter } from './faithful.ts';
import { sql } from './sql.ts';

type On<Field> = (TextClause | ListClause | PresenceClause) & { readonly field: Field };

/**
 * Upper bounds of clauses on what only the body of a trace holds: text that a matching trace needs must be in it.
 * There is no lower bound: the body does not tell what a text belongs to.
 */

/** Words that are part of a span's text whatever the body says; see core/filter/evaluate/span-content.ts. */
const CONTENT_WORDS: readonly string[] = [
  'name',
  'events',
  'status',
  'code',
  'message',
  'attributes',
  'STATUS_CODE_OK',
  'STATUS_CODE_ERROR',
  'STATUS_CODE_UNSET',
  'mlflow.traceRequestId',
];
const contentRun = respelledRun(CONTENT_WORDS);
const attributeRun = respelledRun([]);

export function spanBound(clause: On<SpanField>): Condition {
  const { field } = clause;
  switch (field.name) {
    case 'span.name':
    case 'span.type':
      return holdsValue(clause, verbatimRun);
    case 'span.content':
      return holdsValue(clause, contentRun);
    case 'span.status':
      return statusBound(clause);
    case 'span.attributes':
      if (clause.kind === 'presence' && clause.comparator === 'IS NULL') return ALWAYS;
      // Whatever is asked of the value, the attribute has to be there.
      return all([holdsText(field.key), holdsValue(clause, attributeRun)]);
  }
}

export function clientRequestIdBound(clause: TextClause | ListClause | PresenceClause): Condition {
  return holdsValue(clause, verbatimRun);
}

/** The issue's id is the name of an assessment. */
export function issueBound(clause: On<LinkField>): Condition {
  return holdsValue(clause, verbatimRun);
}

/** Assessments that came with the trace. */
export function ownAssessmentBound({ key }: AssessmentField): Condition {
  return holdsText(key);
}

/** ERROR is spelled so, or is the number 2 in OTLP; the other two can be the status of a span that says nothing. */
function statusBound(clause: On<SpanField>): Condition {
  if (clause.kind === 'presence') return ALWAYS;
  const isExact = clause.comparator === '=' || clause.comparator === 'IN';
  if (!isExact) return ALWAYS;
  const values = clause.kind === 'list' ? clause.values : [clause.value];
  const known = values.filter((value) => STATUS_CODES.includes(value));
  if (known.length === 0) return NEVER;
  if (known.some((value) => value !== 'ERROR')) return ALWAYS;
  return any([holds({ runs: ['ERROR'], foldCase: false }), NUMBERED_STATUS]);
}

const STATUS_CODES: readonly string[] = ['OK', 'ERROR', 'UNSET'];
const NUMBERED_STATUS = condition(
  sql`trace.body ~ 'code"[ \\t\\n\\r]*:[ \\t\\n\\r]*[-0-9]'`,
  'body',
);

function holdsValue(clause: TextClause | ListClause | PresenceClause, find: FindRun): Condition {
  if (clause.kind === 'presence') return ALWAYS;
  const needed = neededRuns(clause, find);
  return needed === undefined ? ALWAYS : holds(needed);
}

function holdsText(text: string): Condition {
  const run = verbatimRun(text);
  return run === undefined ? ALWAYS : holds({ runs: [run], foldCase: false });
}

/** strpos is the quickest way to search a text in Postgres. With the collation C it folds ASCII letters only. */
function holds({ runs, foldCase }: NeededRuns): Condition {
  const body = foldCase ? sql`lower(trace.body collate "C")` : sql`trace.body`;
  const found = runs.map((run) =>
    condition(sql`strpos(${body}, ${textParameter(run)}) > 0`, 'body'),
  );
  return any([...found, MAY_ESCAPE_ASCII]);
}

/** JSON may write any character of ASCII as `\u0020` to `\u007f`, also inside of JSON inside JSON. */
const MAY_ESCAPE_ASCII = condition(
  sql`(strpos(trace.body, '\\u00') > 0 and trace.body ~ '\\\\u00[2-7]')`,
  'body',
);
