import type { AnswerFeedback } from './answer.ts';
import { toAnswerError } from './answer-error.ts';
import { copyJson, copyText } from './copy-json.ts';
import { describeType } from './describe-type.ts';
import { DEFAULT_FEEDBACK_NAME, type FeedbackSource } from '../feedback.ts';
import { MAX_EVENT_BYTES } from './result-limits.ts';
import { ReturnRefused } from './return-refused.ts';
import { SizeBudget } from './size-budget.ts';

const MAX_NAME_LENGTH = 250;
const SOURCE_TYPES = ['HUMAN', 'CODE', 'LLM_JUDGE'] as const;

export interface ReadContext {
  /** What an unnamed feedback is called, and the id of the source where the feedback names none. */
  readonly scorerName: string;
  readonly defaultSource: FeedbackSource;
  /** What may be read of the whole result. */
  readonly budget: SizeBudget;
}

/**
 * Reads a Feedback that a scorer returned, each field once: the object may come from another copy of the
 * SDK, or be made by hand. Throws ReturnRefused with the path of the field that is wrong (`path` is that of
 * the feedback), and whatever the object throws.
 */
export function readFeedback(
  feedback: Readonly<Partial<Record<keyof AnswerFeedback, unknown>>>,
  path: string,
  whole: ReadContext,
): AnswerFeedback {
  const context = { ...whole, budget: new SizeBudget(path, MAX_EVENT_BYTES, whole.budget) };
  const { name, value, error, rationale, source, spanId, metadata } = feedback;
  const field = (key: string): string => `${path}.${key}`;
  return {
    name: readName(name, field('name'), context),
    value: copyJson(value ?? null, field('value'), context.budget),
    error: error === undefined || error === null ? null : toAnswerError(error),
    rationale: readText(rationale, field('rationale'), context),
    source: readSource(source, field('source'), context),
    // Protobuf has no absent text: an empty span id is none.
    spanId: readText(spanId, field('spanId'), context) || null,
    metadata: readMetadata(metadata, field('metadata'), context),
  };
}

function readName(value: unknown, path: string, { scorerName, budget }: ReadContext): string {
  if (typeof value !== 'string') throw invalid(path, 'a text', value);
  if (value === DEFAULT_FEEDBACK_NAME) return scorerName;
  if (value.length === 0 || value.length > MAX_NAME_LENGTH) {
    throw refused(`${path} must have 1 to ${MAX_NAME_LENGTH} characters, got ${value.length}`);
  }
  return copyText(value, budget);
}

function readText(value: unknown, path: string, { budget }: ReadContext): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw invalid(path, 'a text', value);
  return copyText(value, budget);
}

function readSource(value: unknown, path: string, context: ReadContext): FeedbackSource {
  if (value === undefined || value === null) return context.defaultSource;
  if (typeof value !== 'object') throw invalid(path, 'a source', value);
  const { type: givenType, id }: { type?: unknown; id?: unknown } = value;
  const type = SOURCE_TYPES.find((known) => known === givenType);
  if (type === undefined)
    throw invalid(`${path}.type`, `one of ${SOURCE_TYPES.join(', ')}`, givenType);
  if (typeof id !== 'string' || id === '') {
    throw invalid(`${path}.id`, 'a text that is not empty', id);
  }
  return { type, id: copyText(id, context.budget) };
}

function readMetadata(
  value: unknown,
  path: string,
  { budget }: ReadContext,
): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw invalid(path, 'an object', value);
  const entries: [string, string][] = [];
  for (const key of Object.keys(value)) {
    const each: unknown = Reflect.get(value, key);
    budget.spend(1);
    entries.push([copyText(key, budget), copyText(toText(each, `${path}.${key}`), budget)]);
  }
  return Object.fromEntries(entries);
}

function toText(value: unknown, path: string): string {
  if (typeof value === 'string') return value;
  const isScalar = ['number', 'boolean', 'bigint'].includes(typeof value);
  if (!isScalar) throw invalid(path, 'a text', value);
  return String(value);
}

function invalid(path: string, expected: string, value: unknown): ReturnRefused {
  return refused(`${path} must be ${expected}, got ${describeType(value)}`);
}

function refused(message: string): ReturnRefused {
  return new ReturnRefused('SCORER_RETURN_INVALID', message);
}
