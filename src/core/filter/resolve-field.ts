import { didYouMean } from '../did-you-mean.ts';
import {
  ATTRIBUTE_ENTITIES,
  ENTITIES_TO_COME,
  FIELD_LIST,
  FIELDS_TO_COME,
  FILTER_FIELDS,
  type FilterField,
  findField,
} from './fields.ts';
import type {
  NumberField,
  OrderComparator,
  TextField,
  TextFieldComparator,
} from './filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { PathPart, PathToken } from './lex-filter.ts';

/** What a path means, and which comparators that takes. */
export type ResolvedField =
  | {
      readonly type: 'text';
      readonly ref: TextField;
      readonly comparators: readonly TextFieldComparator[];
    }
  | {
      readonly type: 'number';
      readonly ref: NumberField;
      readonly comparators: readonly OrderComparator[];
    };

const A_FIELD = `a field: ${FIELD_LIST}`;
const PLAIN_NAMES = FILTER_FIELDS.filter((field) => !field.keyed).flatMap(namesOf);
const KEYED_NAMES = FILTER_FIELDS.filter((field) => field.keyed).flatMap(namesOf);

/** Names that people try, which MLflow does not know either, and what they are called. */
const CALLED: Readonly<Record<string, string>> = {
  state: 'status',
  session: 'metadata.mlflow.trace.session',
  session_id: 'metadata.mlflow.trace.session',
  user: 'metadata.mlflow.trace.user',
  user_id: 'metadata.mlflow.trace.user',
  execution_duration: 'execution_time_ms',
  execution_duration_ms: 'execution_time_ms',
  request_time: 'timestamp_ms',
};

/** Finds the field that a path names. Names are case-sensitive, as in MLflow. */
export function resolveField(token: PathToken): ResolvedField {
  const [first, ...rest] = token.parts;
  if (first.quote === "'") {
    refuse(token.start, { message: 'text in single quotes is not a field', expected: A_FIELD });
  }
  if (rest.length === 0) return resolvePlain(token, first.text);
  if (ATTRIBUTE_ENTITIES.includes(first.text)) {
    return resolvePlain(token, rest.map((part) => part.text).join('.'));
  }
  const entry = findField(first.text);
  if (entry?.keyed === true) {
    const key = readKey(token, rest);
    return { type: 'text', ref: { name: entry.name, key }, comparators: entry.comparators };
  }
  return refuseEntity(token, first.text, rest);
}

function resolvePlain(token: PathToken, name: string): ResolvedField {
  const entry = findField(name);
  if (entry?.type === 'number') {
    return { type: 'number', ref: { name: entry.name }, comparators: entry.comparators };
  }
  if (entry?.keyed === false) {
    return { type: 'text', ref: { name: entry.name }, comparators: entry.comparators };
  }
  if (entry !== undefined) {
    return refuse(token.start, {
      message: `${name} needs a key`,
      expected: `a key after a dot, such as ${entry.name}.environment`,
    });
  }
  if (FIELDS_TO_COME.includes(name) || ENTITIES_TO_COME.includes(name)) {
    return refuseToCome(token, name);
  }
  const [entity = '', ...rest] = name.split('.');
  if (rest.length > 0 && KEYED_NAMES.includes(entity)) {
    return refuse(token.start, {
      message: `${entity} stands without '${token.parts[0].text}.' before it`,
      expected: name,
    });
  }
  const called = Object.hasOwn(CALLED, name) ? CALLED[name] : undefined;
  const hint = called === undefined ? didYouMean(name, PLAIN_NAMES) : `; it is called ${called}`;
  return refuse(token.start, { message: `unknown field '${name}'${hint}`, expected: A_FIELD });
}

function refuseEntity(token: PathToken, entity: string, rest: readonly PathPart[]): never {
  const name = `${entity}.${rest.map((part) => part.text).join('.')}`;
  if (ENTITIES_TO_COME.includes(entity)) return refuseToCome(token, name);
  const hint = didYouMean(entity, [...ATTRIBUTE_ENTITIES, ...KEYED_NAMES]);
  return refuse(token.start, { message: `unknown entity '${entity}'${hint}`, expected: A_FIELD });
}

function refuseToCome(token: PathToken, name: string): never {
  return refuse(token.start, {
    message: `this version does not filter on ${name}`,
    expected: A_FIELD,
  });
}

/** The key of a tag or of metadata: one quoted text, or bare words joined by dots. */
function readKey(token: PathToken, parts: readonly PathPart[]): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.quote !== null && only.text !== '') {
    return only.text;
  }
  if (parts.some((part) => part.text === '')) {
    return refuse(token.end, {
      message: 'a part of the key is empty',
      expected: `a key without white space around its dots, such as ${token.parts[0].text}.environment`,
    });
  }
  const key = parts.map((part) => part.text).join('.');
  if (parts.every((part) => isBarePart(part))) return key;
  return refuse(token.start, {
    message: `the key ${key} cannot stand without quotes`,
    expected: `the whole key in backticks: ${token.parts[0].text}.\`${key}\``,
  });
}

/** MLflow takes a part of digits only for a number. */
function isBarePart({ text, quote }: PathPart): boolean {
  return quote === null && !/^\d+$/.test(text);
}

function namesOf({ name, aliases }: FilterField): readonly string[] {
  return [name, ...aliases];
}
