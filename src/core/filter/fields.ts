import type { OrderComparator, TextFieldComparator } from './filter-node.ts';

interface FieldEntry {
  readonly aliases: readonly string[];
  readonly doc: string;
}

interface TextEntry extends FieldEntry {
  readonly type: 'text';
  readonly keyed: false;
  readonly name: 'status' | 'name';
  readonly comparators: readonly TextFieldComparator[];
}

/** A field with a key of the user's own after the dot: `tags.fruit`. */
interface KeyedEntry extends FieldEntry {
  readonly type: 'text';
  readonly keyed: true;
  readonly name: 'tags' | 'metadata';
  readonly comparators: readonly TextFieldComparator[];
}

interface NumberEntry extends FieldEntry {
  readonly type: 'number';
  readonly keyed: false;
  readonly name: 'timestamp_ms' | 'execution_time_ms';
  readonly comparators: readonly OrderComparator[];
}

export type FilterField = TextEntry | KeyedEntry | NumberEntry;

const PATTERNS: readonly TextFieldComparator[] = ['LIKE', 'ILIKE', 'RLIKE'];
const PRESENCE: readonly TextFieldComparator[] = ['IS NULL', 'IS NOT NULL'];
const ORDER: readonly OrderComparator[] = ['=', '!=', '>', '>=', '<', '<='];

/** Every field of the filter language: names, type, comparators, meaning. The first name is the one that is printed. */
export const FILTER_FIELDS: readonly FilterField[] = [
  {
    name: 'status',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: ['=', '!=', 'IN', 'NOT IN', ...PATTERNS],
    doc: 'State of the trace: OK, ERROR, IN_PROGRESS or STATE_UNSPECIFIED.',
  },
  {
    name: 'name',
    aliases: [],
    type: 'text',
    keyed: false,
    comparators: ['=', '!=', ...PATTERNS, ...PRESENCE],
    doc: "Name of the trace: the tag mlflow.traceName, else the root span's name.",
  },
  {
    name: 'timestamp_ms',
    aliases: ['timestamp'],
    type: 'number',
    keyed: false,
    comparators: ORDER,
    doc: 'Start of the trace, milliseconds since the epoch.',
  },
  {
    name: 'execution_time_ms',
    aliases: ['execution_time'],
    type: 'number',
    keyed: false,
    comparators: ORDER,
    doc: 'Duration of the trace in milliseconds. A running trace has none and never matches.',
  },
  {
    name: 'tags',
    aliases: ['tag'],
    type: 'text',
    keyed: true,
    comparators: ['=', '!=', ...PATTERNS, ...PRESENCE],
    doc: 'A tag of the trace. A trace without the tag matches IS NULL only.',
  },
  {
    name: 'metadata',
    aliases: ['request_metadata'],
    type: 'text',
    keyed: true,
    comparators: ['=', '!=', ...PATTERNS, ...PRESENCE],
    doc: 'Metadata of the trace, for example metadata.mlflow.trace.session. As tags.',
  },
];

/** What may stand before the name of a field that has no key. */
export const ATTRIBUTE_ENTITIES: readonly string[] = ['attributes', 'attribute', 'trace'];

/** MLflow's further fields, which this version does not filter on. */
export const FIELDS_TO_COME: readonly string[] = [
  'request_id',
  'client_request_id',
  'end_time',
  'end_time_ms',
  'run_id',
  'prompt',
  'text',
];

/** MLflow's further entities, which this version does not filter on. */
export const ENTITIES_TO_COME: readonly string[] = ['span', 'feedback', 'expectation', 'issue'];

/** Fields as a user reads them in a message: `status`, `tags.<key>`. */
export const FIELD_LIST: string = FILTER_FIELDS.map((field) =>
  field.keyed ? `${field.name}.<key>` : field.name,
).join(', ');

/** The field of this name or alias. */
export function findField(name: string): FilterField | undefined {
  return FILTER_FIELDS.find((field) => field.name === name || field.aliases.includes(name));
}
