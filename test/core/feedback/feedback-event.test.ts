import { AssessmentError, Feedback } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { toPickResult } from '../../../src/core/feedback/to-pick-result.ts';
import { renderFeedbackEvents } from '../../../src/core/feedback/feedback-event.ts';
import { CREATED_AT_MS, makePick } from './make-pick.ts';

function eventsOf(value: unknown): string[] {
  const returned = { kind: 'value', value } as const;
  const result = toPickResult({ pick: makePick(), returned, createdAtMs: CREATED_AT_MS });
  return renderFeedbackEvents(result).map((event) => new TextDecoder().decode(event));
}

const POSITION = '"position":{"topic":"traces","partition":2,"offset":"10482"}';
const SCORER =
  '"scorer":{"name":"safety","version":3,"revision":7,"kind":"module","sample_rate":0.2,"sample_position":0.1374}';

describe('renderFeedbackEvents', () => {
  it('renders the outer interface byte for byte', () => {
    const judged = new Feedback({
      value: 'yes',
      rationale: 'because',
      source: { type: 'LLM_JUDGE', id: 'openai:/gpt-5-mini' },
      metadata: { 'mlflow.assessment.judgeCost': '0.0004' },
      spanId: '0123456789abcdef',
    });
    expect(eventsOf(judged)).toEqual([
      '{"schema_version":1,"feedback_id":"a-eba5f5a4e220b763b99811e80ff055c7"' +
        ',"trace_id":"tr-1234567890abcdef1234567890abcdef","experiment_id":"0","assessment":' +
        '{"assessment_id":"a-eba5f5a4e220b763b99811e80ff055c7","assessment_name":"safety"' +
        ',"trace_id":"tr-1234567890abcdef1234567890abcdef","span_id":"0123456789abcdef"' +
        ',"source":{"source_type":"LLM_JUDGE","source_id":"openai:/gpt-5-mini"}' +
        ',"create_time":"2026-11-21T20:14:00.000Z","last_update_time":"2026-11-21T20:14:00.000Z"' +
        ',"feedback":{"value":"yes"},"rationale":"because"' +
        ',"metadata":{"mlflow.assessment.judgeCost":"0.0004"},"valid":true},' +
        `${SCORER},"origin":{"type":"live"},${POSITION}}`,
    ]);
  });

  it('leaves out the span and the rationale where there are none', () => {
    expect(eventsOf(true)).toEqual([
      '{"schema_version":1,"feedback_id":"a-6b66c5587e2255b577eb399582e1f269"' +
        ',"trace_id":"tr-1234567890abcdef1234567890abcdef","experiment_id":"0","assessment":' +
        '{"assessment_id":"a-6b66c5587e2255b577eb399582e1f269","assessment_name":"safety"' +
        ',"trace_id":"tr-1234567890abcdef1234567890abcdef"' +
        ',"source":{"source_type":"CODE","source_id":"safety"}' +
        ',"create_time":"2026-11-21T20:14:00.000Z","last_update_time":"2026-11-21T20:14:00.000Z"' +
        ',"feedback":{"value":true},"metadata":{},"valid":true},' +
        `${SCORER},"origin":{"type":"live"},${POSITION}}`,
    ]);
  });

  it('renders an error beside the value', () => {
    const error = new AssessmentError({ errorCode: 'X', errorMessage: 'm' });
    expect(eventsOf(new Feedback({ error }))[0]).toContain(
      '"feedback":{"value":null,"error":{"error_code":"X","error_message":"m","stack_trace":null}}',
    );
  });

  it('renders one event per feedback, in order', () => {
    const names = ['b', 'a', 'c'];
    const events = eventsOf(names.map((name) => new Feedback({ name, value: 1 })));
    expect(events.map((event) => /"assessment_name":"(.)"/.exec(event)?.[1])).toEqual(names);
    expect(eventsOf(null)).toEqual([]);
  });

  it('renders the same bytes after the result went through the ledger’s JSON', () => {
    const value = { z: 1, a: [0.1, 1e21, -0], '10': 'x', '9': null, é: '😀' };
    const feedback = new Feedback({ value, metadata: { z: '1', '5': 'a', a: '2' } });
    const returned = { kind: 'value', value: feedback } as const;
    const result = toPickResult({ pick: makePick(), returned, createdAtMs: CREATED_AT_MS });
    const stored: unknown = JSON.parse(JSON.stringify(result.feedback));
    const again = { ...result, feedback: stored as typeof result.feedback };
    expect(renderFeedbackEvents(again)).toEqual(renderFeedbackEvents(result));
  });
});
