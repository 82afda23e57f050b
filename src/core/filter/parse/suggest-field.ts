import { nearestName } from '../../did-you-mean.ts';
import { ATTRIBUTE_ENTITIES, FILTER_FIELDS, findField, showField } from '../fields.ts';
import { printKey } from '../print-filter.ts';

/** What is expected where a field has to stand. */
export const A_FIELD = `a field: ${FILTER_FIELDS.map(showField).join(', ')}`;

/** Names that people try, which MLflow does not know either, and what they are called. */
const CALLED: Readonly<Record<string, string>> = {
  trace_id: 'request_id',
  id: 'request_id',
  state: 'status',
  text: 'trace.text',
  content: 'span.content',
  session: 'metadata.mlflow.trace.session',
  session_id: 'metadata.mlflow.trace.session',
  user: 'metadata.mlflow.trace.user',
  user_id: 'metadata.mlflow.trace.user',
  source_run: 'run_id',
  duration: 'execution_time_ms',
  duration_ms: 'execution_time_ms',
  latency: 'execution_time_ms',
  latency_ms: 'execution_time_ms',
  execution_duration: 'execution_time_ms',
  execution_duration_ms: 'execution_time_ms',
  start_time: 'timestamp_ms',
  start_time_ms: 'timestamp_ms',
  request_time: 'timestamp_ms',
  time: 'timestamp_ms',
  model: 'span.attributes.mlflow.llm.model',
  issue: 'issue.id',
  issue_id: 'issue.id',
};

/** Entities that people try. */
const ENTITY_CALLED: Readonly<Record<string, string>> = {
  attr: 'attributes',
  assessment: 'feedback',
  assessments: 'feedback',
  label: 'tags',
  labels: 'tags',
  meta: 'metadata',
  trace_metadata: 'metadata',
  trace_tags: 'tags',
};

const NAMES = FILTER_FIELDS.flatMap(({ name, aliases }) => [name, ...aliases]);
const TRACE_NAMES = NAMES.filter((name) => !name.includes('.') && findField(name)?.keyed === false);
const SPAN_NAMES = NAMES.filter((name) => name.startsWith('span.')).map((name) => name.slice(5));
const KEYED_NAMES = NAMES.filter((name) => !name.includes('.') && !TRACE_NAMES.includes(name));
const ENTITIES = [...ATTRIBUTE_ENTITIES, ...KEYED_NAMES, 'span', 'issue'];

/** What has more is no misspelled field. */
const MAX_PARTS = 12;

/** The field that somebody meant who wrote an unknown one, its parts without dots and quotes; undefined for no idea. */
export function suggestField(parts: readonly string[]): string | undefined {
  const [first = '', ...rest] = parts;
  if (rest.length >= MAX_PARTS || parts.includes('')) return undefined;
  if (rest.length === 0) {
    return first.includes('.') ? suggestField(first.split('.')) : suggestName(first);
  }
  const entity = Object.hasOwn(ENTITY_CALLED, first)
    ? ENTITY_CALLED[first]
    : nearestName(first, ENTITIES);
  if (entity === undefined) return suggestKey(parts);
  if (ATTRIBUTE_ENTITIES.includes(entity)) return suggestOfTrace(rest);
  if (entity === 'issue') return 'issue.id';
  if (entity === 'span') return suggestOfSpan(rest);
  return keyedField(entity, rest);
}

/** Of one word: a name that is like it, else a tag. */
function suggestName(name: string): string | undefined {
  if (Object.hasOwn(CALLED, name.toLowerCase())) return CALLED[name.toLowerCase()];
  const traceName = nearestName(name, TRACE_NAMES);
  if (traceName !== undefined) return traceName;
  const entity = nearestName(name, [...KEYED_NAMES, 'span', 'issue']);
  if (entity === undefined) return keyedField('tags', [name]);
  if (entity === 'issue') return 'issue.id';
  return entity === 'span' ? 'span.name' : `${entity}.<key>`;
}

/** Of what stands after `attributes`, `attribute` or `trace`. */
function suggestOfTrace(rest: readonly string[]): string | undefined {
  const [first = ''] = rest;
  if (rest.length > 1) return suggestField(rest);
  if (Object.hasOwn(CALLED, first.toLowerCase())) return CALLED[first.toLowerCase()];
  const name = nearestName(first, [...TRACE_NAMES, 'text']);
  if (name !== undefined) return name === 'text' ? 'trace.text' : name;
  const tag = keyedField('tags', rest);
  const attribute = keyedField('span.attributes', rest);
  return tag && attribute && `${tag} or ${attribute}`;
}

function suggestOfSpan(rest: readonly string[]): string | undefined {
  const [first = '', ...key] = rest;
  if (key.length > 0 && nearestName(first, ['attributes']) !== undefined) {
    return keyedField('span.attributes', key);
  }
  const name = key.length === 0 ? nearestName(first, SPAN_NAMES) : undefined;
  if (name === 'attributes') return 'span.attributes.<key>';
  return name === undefined ? keyedField('span.attributes', rest) : `span.${name}`;
}

/** Of a dotted name without an entity. */
function suggestKey(parts: readonly string[]): string | undefined {
  const name = parts.join('.');
  if (/^mlflow\.(trace|source|user|modelId)/.test(name)) return keyedField('metadata', parts);
  if (/^(mlflow\.|gen_ai\.|llm\.)/.test(name)) return keyedField('span.attributes', parts);
  return keyedField('tags', parts);
}

const MAX_KEY = 60;

function keyedField(entity: string, key: readonly string[]): string | undefined {
  const joined = key.join('.');
  // No quotes hold a key that has all three kinds.
  const isQuotable = !['`', '"', "'"].every((quote) => joined.includes(quote));
  if (!isQuotable || joined.length > MAX_KEY || /\p{Cc}/u.test(joined)) return undefined;
  return `${entity}.${printKey(joined)}`;
}
