import type { FilterClause, FilterNode, NumberClause } from '../../../core/filter/filter-node.ts';
import { canonicalTraceId } from '../../../core/trace-id.ts';
import { clientRequestIdBound, issueBound, ownAssessmentBound, spanBound } from './body-bounds.ts';
import { allBounds, anyBounds, atMost, type Bounds, notBounds, UNKNOWN } from './bounds.ts';
import { all, any, condition, conditionSql, splitByCost } from './condition.ts';
import { textsParameter } from './faithful.ts';
import { numberBounds } from './number-bounds.ts';
import { type RenderedSql, renderSql, type Sql, sql } from './sql.ts';
import { storedFeedbackBound } from './stored-feedback-bound.ts';
import { textBounds, type TextualClause } from './text-bounds.ts';
import { textColumn } from './trace-fields.ts';

/**
 * SQL over `assay.trace_records as trace` that is true for every trace that fulfils the filter, stored feedback
 * included. It may be true, never false, for others: what it lets through goes past the compiled filter.
 * `after`: how many parameters the statement has before these.
 */
export function toPrefilter(filter: FilterNode, after = 0): RenderedSql {
  return renderSql(conditionSql(boundsOf(filter).upper), after);
}

/** The same as two conditions that have to hold both. */
export interface SplitPrefilter {
  /** About a microsecond a record. */
  readonly columns: Sql;
  /** Reads the body or the ledger, about fifty microseconds a record; undefined where columns decide. */
  readonly dear: Sql | undefined;
}

export function splitPrefilter(filter: FilterNode): SplitPrefilter {
  const { columns, dear } = splitByCost(boundsOf(filter).upper);
  return {
    columns: conditionSql(columns),
    dear: dear.kind === 'always' ? undefined : conditionSql(dear),
  };
}

/**
 * A filter with NOT needs more than an upper bound of its parts: NOT x is bounded from above by what x is bounded
 * from below. That clauses on spans speak of one span makes an AND narrower than its parts, and so keeps the upper
 * bound; from below they have no bound.
 */
function boundsOf(node: FilterNode): Bounds {
  switch (node.kind) {
    case 'and':
      return allBounds(node.operands.map(boundsOf));
    case 'or':
      return anyBounds(node.operands.map(boundsOf));
    case 'not':
      return notBounds(boundsOf(node.operand));
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return clauseBounds(node);
  }
}

function clauseBounds(clause: FilterClause): Bounds {
  if (clause.kind === 'number') return numberClauseBounds(clause);
  const { field } = clause;
  switch (field.name) {
    case 'span.name':
    case 'span.type':
    case 'span.status':
    case 'span.content':
    case 'span.attributes':
      return atMost(spanBound({ ...clause, field }));
    case 'feedback':
    case 'expectation':
      return assessmentBounds(clause);
    case 'issue.id':
      return atMost(issueBound({ ...clause, field }));
    case 'prompt':
      return clause.kind === 'presence' ? UNKNOWN : PROMPTS;
    case 'client_request_id':
      return atMost(clientRequestIdBound(clause));
    case 'request_id':
      return requestIdBounds(clause);
    case 'tags':
    case 'metadata':
      return textBounds(clause, textColumn(field));
    case 'status':
    case 'name':
    case 'run_id':
      return textBounds(clause, textColumn({ name: field.name }));
  }
}

const PROMPTS = atMost(condition(sql`trace.tags ? 'mlflow.linkedPrompts'`));

/** The index is on the canonical id, which equal ids share. */
function requestIdBounds(clause: TextualClause): Bounds {
  const bounds = textBounds(clause, textColumn({ name: 'request_id' }));
  const isEquality = clause.comparator === '=' || clause.comparator === 'IN';
  if (clause.kind === 'presence' || !isEquality) return bounds;
  const ids = clause.kind === 'list' ? clause.values : [clause.value];
  const indexed = sql`trace.canonical_trace_id = any(${textsParameter(ids.map(canonicalTraceId))})`;
  return { ...bounds, upper: all([condition(indexed), bounds.upper]) };
}

function numberClauseBounds(clause: NumberClause): Bounds {
  const { field } = clause;
  switch (field.name) {
    case 'feedback':
    case 'expectation':
      return assessmentBounds(clause);
    case 'timestamp_ms':
    case 'execution_time_ms':
    case 'end_time_ms':
      return numberBounds({ ...clause, field });
  }
}

/** An assessment of the name has to be there for all but IS NULL: in the trace, or as feedback in the ledger. */
function assessmentBounds(clause: FilterClause): Bounds {
  const { field } = clause;
  if (field.name !== 'feedback' && field.name !== 'expectation') return UNKNOWN;
  if (clause.kind === 'presence' && clause.comparator === 'IS NULL') return UNKNOWN;
  const own = ownAssessmentBound(field);
  if (field.name === 'expectation') return atMost(own);
  return atMost(any([own, storedFeedbackBound(clause, field.key)]));
}
