import type { Span, SpanEvent } from '@assay/sdk';
import { pythonJsonText, withPythonSeparators } from './json-text.ts';

const TRACE_REQUEST_ID = 'mlflow.traceRequestId';

/**
 * The text that `span.content` and `trace.text` search: the JSON of a span as MLflow stores it, with attributes as
 * JSON inside JSON, whatever dialect the trace came in. Made anew each time: kept, it would double the memory
 * of a trace.
 *
 * Ids, times, kind and links are left out: dialects spell them differently, and base64 holds any short word by
 * chance. Every word of the text is therefore in the record too, but for the keys and codes below; the archive
 * search relies on that.
 */
export function spanContent(span: Span): string {
  const { name, status, events } = span;
  return objectText([
    ['name', pythonJsonText(name)],
    ['events', `[${events.map(eventText).join(', ')}]`],
    ['status', pythonJsonText({ code: `STATUS_CODE_${status.code}`, message: status.message })],
    ['attributes', attributesText(span)],
  ]);
}

function eventText({ name, attributes }: SpanEvent): string {
  return objectText([
    ['name', pythonJsonText(name)],
    ['attributes', pythonJsonText(attributes)],
  ]);
}

/** MLflow's Python client names the trace in each span. */
function attributesText(span: Span): string {
  const texts = span.attributeTexts();
  const isNamed = texts.some(([key]) => key === TRACE_REQUEST_ID);
  const added: typeof texts = isNamed ? [] : [[TRACE_REQUEST_ID, pythonJsonText(span.traceId)]];
  return objectText(
    [...added, ...texts].map(([key, text]) => [key, JSON.stringify(withPythonSeparators(text))]),
  );
}

function objectText(fields: readonly (readonly [key: string, text: string])[]): string {
  return `{${fields.map(([key, text]) => `${JSON.stringify(key)}: ${text}`).join(', ')}}`;
}
