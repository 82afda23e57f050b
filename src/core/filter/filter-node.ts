/** The syntax tree of a filter: what parsing makes, and predicate, prefilter, explanation and printer read. JSON, without source positions. */

export type OrderComparator = '=' | '!=' | '>' | '>=' | '<' | '<=';
/** The NOT of `NOT LIKE` is about the value, as in `!=`: a missing value does not match. */
export type TextComparator =
  | '='
  | '!='
  | 'LIKE'
  | 'ILIKE'
  | 'RLIKE'
  | 'NOT LIKE'
  | 'NOT ILIKE'
  | 'NOT RLIKE';
export type ListComparator = 'IN' | 'NOT IN';
export type PresenceComparator = 'IS NULL' | 'IS NOT NULL';
/** What can follow a field whose value is text. */
export type TextFieldComparator = TextComparator | ListComparator | PresenceComparator;
export type Comparator = OrderComparator | TextFieldComparator;

/** A field of the trace itself, whose value is text; a trace has one value or none. */
export type TraceTextField =
  | { readonly name: 'status' | 'name' | 'request_id' | 'client_request_id' | 'run_id' }
  | { readonly name: 'tags' | 'metadata'; readonly key: string };

/** A field of the trace whose value is a number of milliseconds. */
export interface TraceNumberField {
  readonly name: 'timestamp_ms' | 'execution_time_ms' | 'end_time_ms';
}

/** A field of a span. All span clauses that one AND joins speak of one and the same span. */
export type SpanField =
  | { readonly name: 'span.name' | 'span.type' | 'span.status' | 'span.content' }
  | { readonly name: 'span.attributes'; readonly key: string };

/** The values of the valid assessments of this kind and name; there may be several, and one has to match. */
export interface AssessmentField {
  readonly name: 'feedback' | 'expectation';
  readonly key: string;
}

/** What a trace is linked to. Takes `=` only; a prompt is written `name/version`. */
export interface LinkField {
  readonly name: 'prompt' | 'issue.id';
}

/** A field whose value is compared as text. */
export type TextField = TraceTextField | SpanField | AssessmentField | LinkField;

/** A field whose value is compared as a number. */
export type NumberField = TraceNumberField | AssessmentField;

export interface TextClause {
  readonly kind: 'text';
  readonly field: TextField;
  readonly comparator: TextComparator;
  /** For RLIKE and NOT RLIKE a pattern that RE2 accepts. */
  readonly value: string;
}

export interface NumberClause {
  readonly kind: 'number';
  readonly field: NumberField;
  readonly comparator: OrderComparator;
  /** Finite. */
  readonly value: number;
}

export interface ListClause {
  readonly kind: 'list';
  readonly field: TextField;
  readonly comparator: ListComparator;
  /** At least one. */
  readonly values: readonly string[];
}

export interface PresenceClause {
  readonly kind: 'presence';
  readonly field: TextField;
  readonly comparator: PresenceComparator;
}

export type FilterClause = TextClause | NumberClause | ListClause | PresenceClause;

/**
 * All operands hold. Two or more; none for the empty filter, which every trace passes. An operand that is an
 * AndNode itself stood in parentheses: its span clauses speak of a span of their own.
 */
export interface AndNode {
  readonly kind: 'and';
  readonly operands: readonly FilterNode[];
}

/** At least one operand holds. Two or more; none of them is an OrNode. */
export interface OrNode {
  readonly kind: 'or';
  readonly operands: readonly FilterNode[];
}

/** The operand does not hold for the trace: `NOT span.name = 'a'` says that no span has this name. */
export interface NotNode {
  readonly kind: 'not';
  readonly operand: FilterNode;
}

export type FilterNode = AndNode | OrNode | NotNode | FilterClause;
