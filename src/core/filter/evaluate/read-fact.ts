import { type Assessment, decodeAttribute, type Json, type Span } from '@assay/sdk';
import type { FilterFacts } from '../facts.ts';
import type {
  AssessmentField,
  LinkField,
  SpanField,
  TraceNumberField,
  TraceTextField,
} from '../filter-node.ts';
import { spanContent } from './span-content.ts';
import { valueTexts } from './value-texts.ts';

/** Readers of one field each. What is missing is undefined, or an empty list. */

export function traceTextReader(field: TraceTextField): (facts: FilterFacts) => string | undefined {
  switch (field.name) {
    case 'request_id':
      return (facts) => facts.traceId;
    case 'client_request_id':
      return (facts) => facts.clientRequestId ?? undefined;
    case 'status':
      return (facts) => facts.status;
    case 'name':
      return (facts) => facts.name;
    case 'run_id':
      return (facts) => own(facts.metadata, SOURCE_RUN);
    case 'tags':
      return (facts) => own(facts.tags, field.key);
    case 'metadata':
      return (facts) => own(facts.metadata, field.key);
  }
}

/** Metadata that names the run which made the trace. */
const SOURCE_RUN = 'mlflow.sourceRun';

export function isRunField(field: TraceTextField): boolean {
  return field.name === 'run_id' || (field.name === 'metadata' && field.key === SOURCE_RUN);
}

export function traceNumberReader(
  field: TraceNumberField,
): (facts: FilterFacts) => number | undefined {
  switch (field.name) {
    case 'timestamp_ms':
      return (facts) => facts.timestampMs;
    case 'execution_time_ms':
      return (facts) => facts.executionDurationMs ?? undefined;
    case 'end_time_ms':
      return (facts) => facts.timestampMs + (facts.executionDurationMs ?? 0);
  }
}

/** The texts that a value of a span is compared by; undefined where the span has no such attribute. */
export function spanTextsReader(field: SpanField): (span: Span) => readonly string[] | undefined {
  switch (field.name) {
    case 'span.name':
      return (span) => [span.name];
    case 'span.type':
      return (span) => {
        const type = spanType(span);
        return type === undefined ? undefined : [type];
      };
    case 'span.status':
      return (span) => [span.status.code];
    case 'span.content':
      return (span) => [spanContent(span)];
    case 'span.attributes':
      return (span) => {
        const value = spanAttribute(span, field.key);
        return value === null ? undefined : valueTexts(value);
      };
  }
}

/** As the client wrote it: MLflow filters no span without a type as UNKNOWN. */
export function spanType(span: Span): string | undefined {
  const type = span.attribute('mlflow.spanType');
  return typeof type === 'string' ? type : undefined;
}

/** null: the span has none of this key. */
export function spanAttribute(span: Span, key: string): Json {
  // Attributes are parsed JSON.
  return span.attribute(key) as Json;
}

/** What has a value that a filter can ask for. */
type ValuedAssessment = Extract<Assessment, { readonly value: Json }>;

/** Whether an assessment is of the kind and name of a field, and valid. */
export function assessmentTest({
  name: kind,
  key,
}: AssessmentField): (one: Assessment) => one is ValuedAssessment {
  return (one): one is ValuedAssessment => one.kind === kind && one.name === key && one.valid;
}

export function linksReader(field: LinkField): (facts: FilterFacts) => readonly string[] {
  switch (field.name) {
    case 'prompt':
      return ({ tags }) => linkedPrompts(own(tags, LINKED_PROMPTS));
    case 'issue.id':
      return ({ assessments }) => assessments.filter(isIssue).map(({ name }) => name);
  }
}

/** The assessment that links an issue has the issue's id for a name. */
function isIssue({ kind, valid }: Assessment): boolean {
  return kind === 'issue' && valid;
}

/** Tag with a JSON list of `{ name, version }`. */
const LINKED_PROMPTS = 'mlflow.linkedPrompts';

/** As `name/version`; none where the tag is not what MLflow writes. */
function linkedPrompts(tag: string | undefined): readonly string[] {
  const list = decodeAttribute(tag);
  if (!Array.isArray(list)) return [];
  return list.flatMap((prompt: unknown) =>
    typeof prompt === 'object' &&
    prompt !== null &&
    'name' in prompt &&
    'version' in prompt &&
    isPlain(prompt.name) &&
    isPlain(prompt.version)
      ? [`${prompt.name}/${prompt.version}`]
      : [],
  );
}

/** An object need not have a text: `{ "toString": 1 }` throws. */
function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function own(map: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
