import { renderFeedbackEvents } from '../../core/feedback/feedback-event.ts';
import type { PickResult } from '../../core/result.ts';
import type { OutgoingMessage } from '../../ports/broker.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Observer } from '../../ports/observer.ts';
import type { PartitionScope } from '../partition-scope.ts';

/** Nobody sent traces before 2000: such a number is no time in milliseconds. */
const EARLIEST_RECORD_MS = Date.UTC(2000, 0, 1);

/** Step 6: the feedback of one stored result. A result without feedback has nothing to publish. */
export function createPublishStep(ports: {
  readonly observer: Observer;
  readonly clock: Clock;
}): (result: PickResult, scope: Pick<PartitionScope, 'output'>) => Promise<void> {
  const { observer, clock } = ports;
  return async (result, scope) => {
    const messages = toFeedbackMessages(result);
    if (messages.length === 0) return;
    await scope.output.publish(messages);
    const { position } = result.pick;
    const sinceRecordMs = Math.max(0, clock.now() - startedMs(result));
    observer.report({ kind: 'published', position, events: messages.length, sinceRecordMs });
  };
}

/** The record's own time; where it has none that can be meant (-1, seconds), the moment its result was made. */
function startedMs({ pick, createdAtMs }: PickResult): number {
  const recordMs = Number(pick.recordTimestampMs);
  return recordMs < EARLIEST_RECORD_MS || recordMs > createdAtMs ? createdAtMs : recordMs;
}

/** One message per feedback, keyed by the trace id as the trace spells it. */
export function toFeedbackMessages(result: PickResult): readonly OutgoingMessage[] {
  const key = new TextEncoder().encode(result.pick.traceId);
  return renderFeedbackEvents(result).map((value) => ({ key, value, headers: [] }));
}
