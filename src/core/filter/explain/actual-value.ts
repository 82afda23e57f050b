import type { Json, Span } from '@assay/sdk';
import { compileSpanClause } from '../evaluate/compile-clause.ts';
import type { FilterFacts } from '../facts.ts';
import type {
  AssessmentField,
  FilterClause,
  LinkField,
  NumberField,
  SpanField,
  TraceTextField,
} from '../filter-node.ts';
import {
  assessmentTest,
  isRunField,
  linksReader,
  spanAttribute,
  spanType,
  traceNumberReader,
  traceTextReader,
} from '../evaluate/read-fact.ts';
import { cut, showValue } from './show-value.ts';
import type { SpanClause } from '../evaluate/span-scope.ts';

/** Characters of the whole. */
const MAX_LENGTH = 80;
/** Characters of a value that is shown beside others. */
const MAX_LISTED = 30;

/** What a trace has where a clause looks, for people: `'prod'`, `412`, `no such tag`, `3 spans: 'a', 'b'`. */
export function actualValue(clause: FilterClause, facts: FilterFacts): string {
  if (clause.kind === 'number') return ofNumber(clause.field, facts);
  const { field } = clause;
  switch (field.name) {
    case 'span.name':
    case 'span.type':
    case 'span.status':
    case 'span.content':
    case 'span.attributes':
      return ofSpans({ ...clause, field }, facts.spans);
    case 'feedback':
    case 'expectation':
      return ofAssessments(field, facts);
    case 'prompt':
    case 'issue.id':
      return ofLinks(field, facts);
    case 'status':
    case 'name':
    case 'request_id':
    case 'client_request_id':
    case 'run_id':
    case 'tags':
    case 'metadata':
      return ofTraceText(field, facts);
  }
}

/** What one of the spans has there: `'OK' on span 2 of 7, 'search_web'`. */
export function actualOnSpan(
  { field }: SpanClause,
  span: Span | undefined,
  spans: readonly Span[],
): string {
  if (span === undefined) return 'no spans';
  const number = `span ${spans.indexOf(span) + 1} of ${spans.length}`;
  const place =
    field.name === 'span.name' ? number : `${number}, ${showValue(span.name, MAX_LISTED)}`;
  if (field.name === 'span.content') return `text of ${place}`;
  const value = spanValue(field, span);
  return `${value === null ? missing(field) : showValue(value, MAX_LISTED)} on ${place}`;
}

function ofSpans(clause: SpanClause, spans: readonly Span[]): string {
  const { field } = clause;
  if (spans.length === 0) return 'no spans';
  if (field.name === 'span.content') return `text of ${counted(spans.length, 'span')}`;
  const holds = compileSpanClause(clause);
  // Those that fulfil the clause come first, so that a cut leaves them.
  const inOrder = [...spans.filter(holds), ...spans.filter((span) => !holds(span))];
  const values = inOrder.map((span) => spanValue(field, span)).filter((value) => value !== null);
  if (values.length === 0) return `${missing(field)} on ${counted(spans.length, 'span')}`;
  const part = values.length === spans.length ? '' : `${values.length} of `;
  return listed(`${part}${counted(spans.length, 'span')}`, values);
}

/** null: missing. */
function spanValue(field: SpanField, span: Span): Json {
  switch (field.name) {
    case 'span.name':
      return span.name;
    case 'span.type':
      return spanType(span) ?? null;
    case 'span.status':
      return span.status.code;
    case 'span.attributes':
      return spanAttribute(span, field.key);
    case 'span.content':
      return null;
  }
}

function ofAssessments(field: AssessmentField, facts: FilterFacts): string {
  const values = facts.assessments.filter(assessmentTest(field)).map(({ value }) => value);
  const [first] = values;
  if (first === undefined) return missing(field);
  return values.length === 1
    ? showValue(first, MAX_LENGTH)
    : listed(counted(values.length, 'value'), values);
}

function ofLinks(field: LinkField, facts: FilterFacts): string {
  const links = linksReader(field)(facts);
  const [first] = links;
  if (first === undefined) return missing(field);
  return links.length === 1
    ? showValue(first, MAX_LENGTH)
    : listed(counted(links.length, 'link'), links);
}

function ofNumber(field: NumberField, facts: FilterFacts): string {
  switch (field.name) {
    case 'feedback':
    case 'expectation':
      return ofAssessments(field, facts);
    case 'timestamp_ms':
    case 'execution_time_ms':
    case 'end_time_ms':
      return String(traceNumberReader(field)(facts) ?? 'no duration yet');
  }
}

function ofTraceText(field: TraceTextField, facts: FilterFacts): string {
  const value = traceTextReader(field)(facts);
  if (value !== undefined) return showValue(value, MAX_LENGTH);
  const linked = isRunField(field) ? facts.linkedRuns : [];
  return linked.length === 0 ? missing(field) : listed(counted(linked.length, 'link'), linked);
}

function missing(field: TraceTextField | SpanField | AssessmentField | LinkField): string {
  switch (field.name) {
    case 'tags':
      return 'no such tag';
    case 'metadata':
      return 'no such metadata';
    case 'feedback':
    case 'expectation':
      return `no such ${field.name}`;
    case 'span.attributes':
      return 'no such attribute';
    case 'span.type':
      return 'no type';
    case 'client_request_id':
      return 'no client request id';
    case 'run_id':
      return 'no run';
    case 'prompt':
      return 'no linked prompt';
    case 'issue.id':
      return 'no linked issue';
    case 'name':
      return 'no name';
    case 'request_id':
    case 'status':
    case 'span.name':
    case 'span.status':
    case 'span.content':
      return 'none';
  }
}

/** `3 spans: 'a', 'b'`: each value once. */
function listed(heading: string, values: readonly Json[]): string {
  const distinct = new Set(values.map((value) => showValue(value, MAX_LISTED)));
  return cut(`${heading}: ${[...distinct].join(', ')}`, MAX_LENGTH);
}

function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
