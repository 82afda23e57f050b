import type { Span, SpanEvent, Trace } from '@assay/sdk';
import type { EventForm, SpanForm, TraceForm } from './isolate/trace-form.ts';

const texts = new WeakMap<Trace, string>();

/** The trace as it crosses into the sandbox; made once for all scorers of the trace. */
export function traceText(trace: Trace): string {
  const known = texts.get(trace);
  if (known !== undefined) return known;
  const form: TraceForm = { info: trace.info, spans: trace.data.spans.map(toSpanForm) };
  const text = JSON.stringify(form);
  texts.set(trace, text);
  return text;
}

function toSpanForm(span: Span): SpanForm {
  const { spanId, parentId, traceId, name, startTimeUnixNano, endTimeUnixNano } = span;
  return {
    ids: [spanId, parentId, traceId, name],
    start: String(startTimeUnixNano),
    end: endTimeUnixNano === null ? null : String(endTimeUnixNano),
    status: span.status,
    events: span.events.map(toEventForm),
    // Makes a field of any key, `__proto__` too.
    attributes: Object.fromEntries(span.attributeTexts()),
  };
}

function toEventForm({ name, timeUnixNano, attributes }: SpanEvent): EventForm {
  return { name, time: String(timeUnixNano), attributes };
}
