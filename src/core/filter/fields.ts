import type {
  AssessmentField,
  ListComparator,
  OrderComparator,
  SpanField,
  TextFieldComparator,
  TraceNumberField,
  TraceTextField,
  LinkField,
} from './filter-node.ts';

interface FieldEntry {
  /** What the value belongs to. A clause on a span holds if one of the trace's spans fulfils it. */
  readonly scope: 'trace' | 'span' | 'assessment' | 'link';
  readonly aliases: readonly string[];
  /** One or two sentences for people. */
  readonly doc: string;
  /** A filter of one clause. */
  readonly example: string;
  /** The usual values; any other text may be asked for too. */
  readonly values?: readonly string[];
}

type TextName = (TraceTextField | SpanField | LinkField)['name'];
type KeyedTextName = 'tags' | 'metadata' | 'span.attributes';

interface TextEntry extends FieldEntry {
  readonly type: 'text';
  readonly keyed: false;
  readonly name: Exclude<TextName, KeyedTextName>;
  readonly comparators: readonly TextFieldComparator[];
}

/** A field with a key of the user's own after the dot: `tags.fruit`. */
interface KeyedEntry extends FieldEntry {
  readonly type: 'text';
  readonly keyed: true;
  readonly name: KeyedTextName;
  readonly comparators: readonly TextFieldComparator[];
}

interface NumberEntry extends FieldEntry {
  readonly type: 'number';
  readonly keyed: false;
  readonly name: TraceNumberField['name'];
  readonly comparators: readonly (OrderComparator | ListComparator)[];
}

/** After `>`, `>=`, `<` and `<=` comes a number, after the others text. */
interface AssessmentEntry extends FieldEntry {
  readonly type: 'text or number';
  readonly keyed: true;
  readonly name: AssessmentField['name'];
  readonly comparators: readonly (TextFieldComparator | RangeComparator)[];
}

export type RangeComparator = Exclude<OrderComparator, '=' | '!='>;
export type FilterField = TextEntry | KeyedEntry | NumberEntry | AssessmentEntry;

const EQUALITY = ['=', '!='] as const;
/** What compares the order of numbers. */
export const RANGE: readonly RangeComparator[] = ['>', '>=', '<', '<='];
const LISTS: readonly ListComparator[] = ['IN', 'NOT IN'];
const PATTERNS = ['LIKE', 'ILIKE', 'RLIKE', 'NOT LIKE', 'NOT ILIKE', 'NOT RLIKE'] as const;
const PRESENCE = ['IS NULL', 'IS NOT NULL'] as const;
/** Of a value that is always there, or that MLflow does not ask for. */
const TEXT = [...EQUALITY, ...LISTS, ...PATTERNS] as const;
const NULLABLE_TEXT = [...TEXT, ...PRESENCE] as const;
const NUMBER = [...EQUALITY, ...RANGE, ...LISTS] as const;

/**
 * Every field of the filter language. Parser, error messages, completion and docs/filters.md are made from it.
 * The name is the one that is printed.
 */
export const FILTER_FIELDS: readonly FilterField[] = [
  {
    name: 'request_id',
    scope: 'trace',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: TEXT,
    doc: 'Id of the trace, as its client wrote it.',
    example: "request_id = 'tr-1234567890abcdef1234567890abcdef'",
  },
  {
    name: 'client_request_id',
    scope: 'trace',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: TEXT,
    doc: "The application's own id of the request.",
    example: "client_request_id LIKE 'req-%'",
  },
  {
    name: 'status',
    scope: 'trace',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: TEXT,
    doc: 'State of the trace.',
    values: ['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED'],
    example: "status IN ('OK', 'ERROR')",
  },
  {
    name: 'name',
    scope: 'trace',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: NULLABLE_TEXT,
    doc: "Name of the trace: the tag mlflow.traceName, else the root span's name.",
    example: "name = 'answer_question'",
  },
  {
    name: 'timestamp_ms',
    scope: 'trace',
    aliases: ['timestamp'],
    type: 'number',
    keyed: false,
    comparators: NUMBER,
    doc: 'Start of the trace, milliseconds since the epoch.',
    example: 'timestamp_ms >= 1795177805000',
  },
  {
    name: 'execution_time_ms',
    scope: 'trace',
    aliases: ['execution_time'],
    type: 'number',
    keyed: false,
    comparators: NUMBER,
    doc: 'Duration of the trace in milliseconds. A running trace has none.',
    example: 'execution_time_ms > 1500',
  },
  {
    name: 'end_time_ms',
    scope: 'trace',
    aliases: ['end_time'],
    type: 'number',
    keyed: false,
    comparators: NUMBER,
    doc: 'Start and duration added up, milliseconds since the epoch. For a running trace it is the start.',
    example: 'end_time_ms < 1795177866000',
  },
  {
    name: 'run_id',
    scope: 'trace',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: NULLABLE_TEXT,
    doc: 'MLflow run that made the trace: the metadata mlflow.sourceRun.',
    example: 'run_id IS NULL',
  },
  {
    name: 'tags',
    scope: 'trace',
    aliases: ['tag'],
    type: 'text',
    keyed: true,
    comparators: NULLABLE_TEXT,
    doc: 'A tag of the trace.',
    example: "tags.env = 'production'",
  },
  {
    name: 'metadata',
    scope: 'trace',
    aliases: ['request_metadata'],
    type: 'text',
    keyed: true,
    comparators: NULLABLE_TEXT,
    doc: 'Metadata of the trace. The session is metadata.mlflow.trace.session, the user metadata.mlflow.trace.user.',
    example: "metadata.mlflow.trace.session = 'session-17'",
  },
  {
    name: 'prompt',
    scope: 'link',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: ['='],
    doc: 'Version of a prompt that the trace is linked to, written name/version.',
    example: "prompt = 'answer-prompt/4'",
  },
  {
    name: 'issue.id',
    scope: 'link',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: ['='],
    doc: 'Issue that the trace is linked to.',
    example: "issue.id = 'iss-1'",
  },
  {
    name: 'span.name',
    scope: 'span',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: TEXT,
    doc: 'Name of a span.',
    example: "span.name = 'search_web'",
  },
  {
    name: 'span.type',
    scope: 'span',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: NULLABLE_TEXT,
    doc: 'Type of a span; missing where the client gave none.',
    values: [
      'LLM',
      'CHAT_MODEL',
      'AGENT',
      'CHAIN',
      'TOOL',
      'RETRIEVER',
      'EMBEDDING',
      'RERANKER',
      'PARSER',
      'MEMORY',
      'WORKFLOW',
      'TASK',
      'GUARDRAIL',
      'EVALUATOR',
      'UNKNOWN',
    ],
    example: "span.type IN ('LLM', 'CHAT_MODEL')",
  },
  {
    name: 'span.status',
    scope: 'span',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: TEXT,
    doc: 'Status of a span.',
    values: ['OK', 'ERROR', 'UNSET'],
    example: "span.status = 'ERROR'",
  },
  {
    name: 'span.content',
    scope: 'span',
    aliases: ['trace.text'],
    type: 'text',
    keyed: false,
    comparators: ['LIKE', 'ILIKE'],
    doc: 'Everything a span holds, as text: names, attributes, inputs, outputs, events.',
    example: "span.content ILIKE '%out of stock%'",
  },
  {
    name: 'span.attributes',
    scope: 'span',
    aliases: [],
    type: 'text',
    keyed: true,
    comparators: NULLABLE_TEXT,
    doc: 'An attribute of a span, as text.',
    example: "span.attributes.mlflow.llm.model LIKE 'gpt-%'",
  },
  {
    name: 'feedback',
    scope: 'assessment',
    aliases: [],
    type: 'text or number',
    keyed: true,
    comparators: [...EQUALITY, ...RANGE, ...LISTS, ...PATTERNS, ...PRESENCE],
    doc: 'Value of the feedback of this name: what scorers and people said of the trace.',
    example: 'feedback.relevance < 0.5',
  },
  {
    name: 'expectation',
    scope: 'assessment',
    aliases: [],
    type: 'text or number',
    keyed: true,
    comparators: [...EQUALITY, ...RANGE, ...LISTS, ...PATTERNS, ...PRESENCE],
    doc: 'Value of the expectation of this name: what people said the trace should have.',
    example: "expectation.category = 'billing'",
  },
];

/** What may stand before the name of a field of the trace: `trace.status`. */
export const ATTRIBUTE_ENTITIES: readonly string[] = ['attributes', 'attribute', 'trace'];

const BY_NAME: ReadonlyMap<string, FilterField> = new Map(
  FILTER_FIELDS.flatMap((field) => [field.name, ...field.aliases].map((name) => [name, field])),
);

/** The field of this name or alias; a keyed one without its key: `tags`, `span.attributes`. */
export function findField(name: string): FilterField | undefined {
  return BY_NAME.get(name);
}

/** A field as a user reads it in a message: `status`, `tags.<key>`. */
export function showField({ name, keyed }: FilterField): string {
  return keyed ? `${name}.<key>` : name;
}
