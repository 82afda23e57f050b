import { describe, expect, it } from 'vitest';
import { renderFeedbackEvents } from '../../../src/core/feedback/feedback-event.ts';
import { createPublishStep } from '../../../src/engine/steps/publish-result.ts';
import { FakeClock } from '../../fake-clock.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { feedbackOf, pickResult } from '../fakes/results.ts';
import { openScope } from '../fakes/scopes.ts';

function openPublishing() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  return { clock, observer, scope: openScope(), publish: createPublishStep({ clock, observer }) };
}

describe('publishing a result', () => {
  it('sends one event per feedback, keyed by the trace id as the trace spells it', async () => {
    const { observer, scope, publish } = openPublishing();
    const result = pickResult({
      pick: { traceId: 'trace:/main.genai/0123456789ABCDEF0123456789ABCDEF' },
      result: { feedback: [feedbackOf('a-1'), feedbackOf('a-2', { name: 'tone' })] },
    });
    await publish(result, scope);
    const key = new TextEncoder().encode(result.pick.traceId);
    expect(scope.published).toEqual(
      renderFeedbackEvents(result).map((value) => ({ key, value, headers: [] })),
    );
    expect(observer.of('published')).toMatchObject([{ events: 2, position: result.pick.position }]);
  });

  it('has nothing to send for a result without feedback', async () => {
    const { observer, scope, publish } = openPublishing();
    await publish(pickResult({ result: { outcome: 'no_feedback', feedback: [] } }), scope);
    expect([scope.published, observer.events]).toEqual([[], []]);
  });

  it.each([
    ['the time since the record', -1_500n, 1_700],
    ['nothing less than 0, where clocks differ', 900n, 200],
  ])('tells %s', async (_, shiftMs, sinceRecordMs) => {
    const { clock, observer, scope, publish } = openPublishing();
    const createdAtMs = clock.now();
    const recordTimestampMs = BigInt(createdAtMs) + shiftMs;
    clock.advance(200);
    await publish(pickResult({ pick: { recordTimestampMs }, result: { createdAtMs } }), scope);
    expect(observer.of('published')).toMatchObject([{ sinceRecordMs }]);
  });

  it.each([
    ['none', -1n],
    ['seconds', 1_795_292_040n],
    ['nanoseconds', 2n ** 60n],
    ['the largest number', 2n ** 63n - 1n],
    ['the smallest number', -(2n ** 63n)],
  ])('counts from the result where the time of the record is %s', async (_, recordTimestampMs) => {
    const { clock, observer, scope, publish } = openPublishing();
    const result = pickResult({
      pick: { recordTimestampMs },
      result: { createdAtMs: clock.now() - 30 },
    });
    await publish(result, scope);
    expect(observer.of('published')).toMatchObject([{ sinceRecordMs: 30 }]);
  });
});
