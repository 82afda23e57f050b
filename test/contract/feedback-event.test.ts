import { Feedback } from '@assay/sdk';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { type FeedbackEvent, feedbackEventSchema } from '../../src/contract/feedback-event.ts';
import { toPickResult } from '../../src/core/feedback/to-pick-result.ts';
import { renderFeedbackEvents } from '../../src/core/feedback/feedback-event.ts';
import { CREATED_AT_MS, makePick } from '../core/feedback/make-pick.ts';

function makeEvent(): FeedbackEvent {
  const value = new Feedback({ value: { score: 1 }, rationale: 'r', spanId: 's', error: 'e' });
  const result = toPickResult({
    pick: makePick(),
    returned: { kind: 'value', value },
    createdAtMs: CREATED_AT_MS,
  });
  const [event] = renderFeedbackEvents(result);
  return feedbackEventSchema.parse(JSON.parse(new TextDecoder().decode(event)));
}

describe('feedbackEventSchema', () => {
  it('takes live and backfill events, and one that replaces another', () => {
    const event = makeEvent();
    const backfill = { type: 'backfill', job_id: 'j-1' };
    for (const each of [
      event,
      { ...event, origin: backfill },
      { ...event, overrides: event.feedback_id },
    ]) {
      expect(feedbackEventSchema.safeParse(each)).toEqual({ success: true, data: each });
    }
  });

  it('takes fields that are not known yet', () => {
    expect(feedbackEventSchema.safeParse({ ...makeEvent(), later: 1 }).success).toBe(true);
  });

  it.each<[string, (event: FeedbackEvent) => object]>([
    ['schema_version', (event) => ({ ...event, schema_version: 2 })],
    ['feedback_id', (event) => ({ ...event, feedback_id: 'a-1' })],
    ['trace_id', (event) => ({ ...event, trace_id: undefined })],
    ['assessment.create_time', (event) => with_(event, 'assessment', { create_time: 'today' })],
    ['assessment.metadata.a', (event) => with_(event, 'assessment', { metadata: { a: 1 } })],
    ['assessment.source.source_type', (event) => with_(event, 'assessment', { source: {} })],
    ['scorer.sample_position', (event) => with_(event, 'scorer', { sample_position: 1 })],
    ['scorer.kind', (event) => with_(event, 'scorer', { kind: 'other' })],
    ['origin.job_id', (event) => ({ ...event, origin: { type: 'backfill' } })],
    ['position.offset', (event) => with_(event, 'position', { offset: 5 })],
  ])('refuses a wrong %s', (path, spoil) => {
    const { error } = feedbackEventSchema.safeParse(spoil(makeEvent()));
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('says what each field is in the JSON Schema', () => {
    const schema = z.toJSONSchema(feedbackEventSchema, { io: 'input' });
    expect(schema.required).toEqual([
      'schema_version',
      'feedback_id',
      'trace_id',
      'experiment_id',
      'assessment',
      'scorer',
      'origin',
      'position',
    ]);
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    expect(schema.properties?.['trace_id']).toMatchObject({
      description: expect.any(String) as string,
    });
  });

  it('has a type', () => {
    expectTypeOf<FeedbackEvent['origin']>().toEqualTypeOf<
      { type: 'live' } | { type: 'backfill'; job_id: string }
    >();
    expectTypeOf<FeedbackEvent['assessment']['metadata']>().toEqualTypeOf<Record<string, string>>();
  });
});

function with_(
  event: FeedbackEvent,
  part: 'assessment' | 'scorer' | 'position',
  fields: object,
): object {
  return { ...event, [part]: { ...event[part], ...fields } };
}
