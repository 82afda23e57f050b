import { type FeedbackEvent, feedbackEventSchema } from '../contract/feedback-event.ts';
import { cut, toOneLine } from './table.ts';

/** A message of the feedback topic. */
export interface FeedbackMessage {
  /** The message as it came, on one line. */
  readonly text: string;
  /** undefined when it is no feedback event of Assay. */
  readonly event: FeedbackEvent | undefined;
  /** Name of the scorer. */
  readonly scorer: string | undefined;
}

export function parseFeedback(value: Uint8Array): FeedbackMessage {
  // Outside of strings JSON may have line breaks, inside it cannot.
  const text = new TextDecoder().decode(value).replace(/[\r\n]+/g, ' ');
  const parsed = feedbackEventSchema.safeParse(parseJson(text));
  const event = parsed.success ? parsed.data : undefined;
  return { text, event, scorer: event?.scorer.name };
}

/** Time, trace id, scorer, name of the feedback, value or error. */
export function describeFeedback({ event, text }: FeedbackMessage, width: number): string {
  if (event === undefined) return cut(`not a feedback event: ${toOneLine(text)}`, width);
  const { assessment, scorer, trace_id: traceId } = event;
  const parts = [
    assessment.create_time,
    traceId,
    `${scorer.name}@${scorer.version}`,
    assessment.assessment_name,
    describeValue(assessment.feedback),
  ];
  return cut(parts.map(toOneLine).join('  '), width);
}

function describeValue({ value, error }: FeedbackEvent['assessment']['feedback']): string {
  if (error !== undefined) return `error ${error.error_code}: ${error.error_message}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
