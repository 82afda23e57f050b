import { isBarePart } from './bare-key.ts';
import {
  ATTRIBUTE_ENTITIES,
  type FilterField,
  findField,
  type RangeComparator,
} from '../fields.ts';
import type {
  AssessmentField,
  ListComparator,
  OrderComparator,
  TextField,
  TextFieldComparator,
  TraceNumberField,
} from '../filter-node.ts';
import { refuse } from './filter-refusal.ts';
import type { PathPart, PathToken } from './lex-filter.ts';
import { A_FIELD, suggestField } from './suggest-field.ts';

/** What a path means, and which comparators that takes. */
export type ResolvedField =
  | {
      readonly type: 'text';
      readonly ref: TextField;
      readonly comparators: readonly TextFieldComparator[];
    }
  | {
      readonly type: 'number';
      readonly ref: TraceNumberField;
      readonly comparators: readonly (OrderComparator | ListComparator)[];
    }
  | {
      readonly type: 'text or number';
      readonly ref: AssessmentField;
      readonly comparators: readonly (TextFieldComparator | RangeComparator)[];
    };

/** Finds the field that a path names. Names are case-sensitive, as in MLflow. */
export function resolveField(token: PathToken): ResolvedField {
  const [first, ...rest] = token.parts;
  if (first.quote === "'") {
    refuse(token.start, { message: 'text in single quotes is not a field', expected: A_FIELD });
  }
  if (rest.length === 0) return resolveName(token, first.text);
  const name = rest.map((part) => part.text).join('.');
  if (ATTRIBUTE_ENTITIES.includes(first.text)) {
    return resolveName(token, name === 'text' ? 'trace.text' : name);
  }
  const keyed = findKeyed(first.text, rest);
  if (keyed !== undefined) return toResolved(keyed.field, readKey(token, keyed));
  const field = findField(`${first.text}.${name}`);
  return field === undefined ? refuseField(token) : resolveEntry(token, field);
}

/** A field of the trace, which has no entity, or has it before. */
function resolveName(token: PathToken, name: string): ResolvedField {
  const field = findField(name);
  const isOfTrace = !name.includes('.') || name === 'trace.text';
  return field === undefined || !isOfTrace ? refuseField(token) : resolveEntry(token, field);
}

function resolveEntry(token: PathToken, field: FilterField): ResolvedField {
  if (!field.keyed) return toResolved(field, '');
  return refuse(token.start, {
    message: `${field.name} needs a key`,
    expected: `a key after a dot, as in ${field.example}`,
  });
}

interface Keyed {
  readonly field: FilterField;
  /** The field as it is written there. */
  readonly written: string;
  readonly key: readonly PathPart[];
}

function findKeyed(entity: string, rest: readonly PathPart[]): Keyed | undefined {
  const [next, ...key] = rest;
  if (entity === 'span' && next?.text === 'attributes' && key.length > 0) {
    const field = findField('span.attributes');
    return field && { field, written: 'span.attributes', key };
  }
  const field = findField(entity);
  return field?.keyed === true ? { field, written: entity, key: rest } : undefined;
}

function toResolved(field: FilterField, key: string): ResolvedField {
  switch (field.type) {
    case 'number':
      return { type: 'number', ref: { name: field.name }, comparators: field.comparators };
    case 'text or number': {
      const ref = { name: field.name, key };
      return { type: 'text or number', ref, comparators: field.comparators };
    }
    case 'text': {
      const ref = field.keyed ? { name: field.name, key } : { name: field.name };
      return { type: 'text', ref, comparators: field.comparators };
    }
  }
}

function refuseField(token: PathToken): never {
  const [first, ...rest] = token.parts;
  const parts = [first, ...rest].map(({ text }) => text);
  if (parts.at(-1) === 'experiment_id') {
    refuse(token.start, {
      message: 'a filter does not ask for the experiment, which is given beside it',
      expected: A_FIELD,
    });
  }
  const name = shorten(parts.join('.'));
  const hint = suggestField(parts);
  if (hint === undefined) {
    return refuse(token.start, { message: `unknown field '${name}'`, expected: A_FIELD });
  }
  return refuse(token.start, {
    message: `unknown field '${name}' (did you mean ${hint}?)`,
    expected: `${hint}, or another field of docs/filters.md`,
  });
}

/** The key of a tag, of metadata and the like: one quoted text, or bare words joined by dots. */
export function readKey(
  token: PathToken,
  { written, key: parts }: Pick<Keyed, 'written' | 'key'>,
): string {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && only.quote !== null && only.text !== '') {
    return only.text;
  }
  if (parts.some((part) => part.text === '')) {
    return refuse(token.end, {
      message: 'a part of the key is empty',
      expected: `a key without white space around its dots, such as ${written}.environment`,
    });
  }
  const key = parts.map((part) => part.text).join('.');
  if (parts.every(({ text, quote }) => quote === null && isBarePart(text))) return key;
  return refuse(token.start, {
    message: `the key ${shorten(key)} cannot stand without quotes`,
    expected: `the whole key in backticks: ${written}.\`${shorten(key)}\``,
  });
}

const MAX_SHOWN = 60;

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
