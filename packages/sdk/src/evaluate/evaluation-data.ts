import { EvaluationError } from './evaluation-error.ts';
import { Trace } from '../trace.ts';

interface WithExpectations {
  /** Ground truth by name. In place of what the trace carries, where there is one. */
  readonly expectations?: Readonly<Record<string, unknown>> | undefined;
  /** Tags of the trace. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What went into the application, and what came out unless `predict` is to say. */
export interface DataRow extends WithExpectations {
  readonly inputs?: unknown;
  readonly outputs?: unknown;
  readonly trace?: undefined;
}

/** A recorded trace: inputs and outputs are those of its root span. */
export interface TraceRow extends WithExpectations {
  readonly trace: Trace;
}

export type EvaluationItem = Trace | TraceRow | DataRow;

/** Rows, or traces. An asynchronous source is read as the evaluation goes on. */
export type EvaluationData<Item extends EvaluationItem> = Iterable<Item> | AsyncIterable<Item>;

/** Type of the inputs of a row: unknown for recorded traces, which hold any JSON. */
export type InputsOf<Item> = Item extends Trace | { readonly trace: Trace }
  ? unknown
  : Item extends { readonly inputs: infer Inputs }
    ? Inputs
    : undefined;

/** One row as it was given, whatever its form. */
export interface GivenRow {
  readonly trace: Trace | undefined;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly expectations: Readonly<Record<string, unknown>> | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
}

const NOTHING_GIVEN: GivenRow = {
  trace: undefined,
  inputs: undefined,
  outputs: undefined,
  expectations: undefined,
  tags: undefined,
};

const FIELDS = ['trace', 'inputs', 'outputs', 'expectations', 'tags'];

/** `index` is the row's place in the data, from 0. Throws EvaluationError DATA_INVALID. */
export function readItem(item: unknown, index: number): GivenRow {
  if (isTrace(item)) {
    return { ...NOTHING_GIVEN, trace: item };
  }
  if (!isObject(item)) throw refused(index, `must be an object, got ${describe(item)}`);
  const { trace, inputs, outputs, expectations, tags } = item;
  refuseMisspelt(item, index);
  if (trace !== undefined && !isTrace(trace)) {
    throw refused(index, `has a trace that is no Trace, but ${describe(trace)}`);
  }
  if (trace === undefined && !('inputs' in item) && !('outputs' in item)) {
    const found = Object.keys(item).join(', ') || 'none';
    throw refused(index, `must have a trace, or inputs, or outputs; its fields are: ${found}`);
  }
  if (trace !== undefined && (inputs !== undefined || outputs !== undefined)) {
    throw refused(index, 'has a trace, whose inputs and outputs it cannot change');
  }
  return {
    trace,
    inputs,
    outputs,
    expectations: readExpectations(expectations, index),
    tags: readTags(tags, index),
  };
}

/** True also for one that was made by another copy of this package. */
export function isTrace(value: unknown): value is Trace {
  if (value instanceof Trace) return true;
  return (
    isObject(value) &&
    isObject(value['info']) &&
    isObject(value['data']) &&
    typeof value['searchSpans'] === 'function'
  );
}

function readExpectations(value: unknown, index: number): GivenRow['expectations'] {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value) || Array.isArray(value)) {
    throw refused(index, `must have expectations by name, got ${describe(value)}`);
  }
  return value;
}

function readTags(value: unknown, index: number): GivenRow['tags'] {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw refused(index, `must have tags by key, got ${describe(value)}`);
  const tags: [string, string][] = [];
  for (const [key, tag] of Object.entries(value)) {
    if (typeof tag !== 'string') {
      throw refused(index, `must have texts as tags; ${key} is ${describe(tag)}`);
    }
    tags.push([key, tag]);
  }
  return Object.fromEntries(tags);
}

/** Fields of other names are the user's own. But one that is nearly right is a slip. */
function refuseMisspelt(row: Readonly<Record<string, unknown>>, index: number): void {
  for (const key of Object.keys(row)) {
    if (FIELDS.includes(key)) continue;
    const meant = FIELDS.find((field) => bare(field) === bare(key));
    if (meant !== undefined) throw refused(index, `has a field '${key}': did you mean '${meant}'?`);
  }
}

function bare(key: string): string {
  return key.toLowerCase().replace(/s$/, '');
}

function refused(index: number, problem: string): EvaluationError {
  return new EvaluationError('DATA_INVALID', `row ${index} of the data ${problem}`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
