/** The syntax tree of a filter: what parsing makes, and predicate and printer read. JSON, without source positions. */

export type OrderComparator = '=' | '!=' | '>' | '>=' | '<' | '<=';
export type TextComparator = '=' | '!=' | 'LIKE' | 'ILIKE' | 'RLIKE';
export type ListComparator = 'IN' | 'NOT IN';
export type PresenceComparator = 'IS NULL' | 'IS NOT NULL';
/** What can follow a field whose value is text. */
export type TextFieldComparator = TextComparator | ListComparator | PresenceComparator;
export type Comparator = OrderComparator | TextFieldComparator;

/** A field whose value is text. */
export type TextField =
  | { readonly name: 'status' | 'name' }
  | { readonly name: 'tags' | 'metadata'; readonly key: string };

/** A field whose value is a number. */
export interface NumberField {
  readonly name: 'timestamp_ms' | 'execution_time_ms';
}

export interface TextClause {
  readonly kind: 'text';
  readonly field: TextField;
  readonly comparator: TextComparator;
  /** For RLIKE a pattern that RE2 accepts. */
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

/** All operands hold. Two or more; none for the empty filter, which every trace passes. */
export interface AndNode {
  readonly kind: 'and';
  readonly operands: readonly FilterClause[];
}

export type FilterNode = AndNode | FilterClause;
