import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';
import { isAssayError } from '../../../src/core/errors.ts';

loadKafkajs();
const require = createRequire(import.meta.url);

/** Calls a method of one of kafkajs's internal classes, `file#method`, on a stand-in for its object. */
function call(method: string, self: object): unknown {
  const [file = '', name = ''] = method.split('#');
  const { prototype } = require(`kafkajs/src/${file}`) as {
    readonly prototype: Readonly<Record<string, (argument: object) => unknown>>;
  };
  return prototype[name]?.call(self, {});
}

describe('a commit of kafkajs', () => {
  const commit = (self: object) => call('consumer/runner#commitOffsets', self);

  it('is refused while the consumer stops, and not forgotten', async () => {
    const commitOffsets = vi.fn<() => Promise<void>>();
    const error: unknown = await Promise.resolve(
      commit({ running: false, consumerGroup: { commitOffsets } }),
    ).catch((reason: unknown) => reason);
    expect(isAssayError(error, 'GROUP_MEMBERSHIP_LOST')).toBe(true);
    expect(commitOffsets).not.toHaveBeenCalled();
  });

  it('is tried once, so that it cannot reach into the next generation', async () => {
    const commitOffsets = vi.fn<() => Promise<void>>().mockRejectedValue(new Error('not now'));
    await expect(commit({ running: true, consumerGroup: { commitOffsets } })).rejects.toThrow(
      'not now',
    );
    expect(commitOffsets).toHaveBeenCalledTimes(1);
  });
});

describe('the queue of requests of kafkajs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function queue(pending: number, throttledForMs: number) {
    return {
      pending: Array.from({ length: pending }),
      throttledUntil: Date.now() + throttledForMs,
      throttleCheckTimeoutId: null,
      checkPendingRequests: vi.fn<() => void>(),
    };
  }
  const schedule = (self: object) =>
    call('network/requestQueue#scheduleCheckPendingRequests', self);

  it('has no timer when nothing waits', () => {
    schedule(queue(0, -1));
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ['soon', -1_000, 10],
    ['when the broker allows requests again', 500, 500],
  ])('looks again %s when something waits', (_, throttledForMs, afterMs) => {
    const self = queue(1, throttledForMs);
    schedule(self);
    schedule(self);
    vi.advanceTimersByTime(afterMs - 1);
    expect(self.checkPendingRequests).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(self.checkPendingRequests).toHaveBeenCalledTimes(1);
  });
});

describe('a consumer of kafkajs', () => {
  interface ConsumerGroup {
    coordinator: object;
    memberId: string;
    lastRequest: number;
    heartbeat(options: { readonly interval: number }): Promise<void>;
  }
  const ConsumerGroupClass = require('kafkajs/src/consumer/consumerGroup') as new (
    options: object,
  ) => ConsumerGroup;

  it('has a broker to ask also when it has lost the last one, so that it does not give up', () => {
    const nodes = (known: readonly string[]) =>
      call('consumer/consumerGroup#getNodeIds', { cluster: { getNodeIds: () => known } });
    expect(nodes(['1', '2'])).toEqual(['1', '2']);
    expect(nodes([])).toHaveLength(1);
  });

  it('sends heartbeats to the new coordinator when the old one is gone', async () => {
    const coordinator = { isConnected: () => true, heartbeat: vi.fn<() => Promise<void>>() };
    const cluster = { findGroupCoordinator: vi.fn<() => Promise<object>>() };
    cluster.findGroupCoordinator.mockResolvedValue(coordinator);
    const group = new ConsumerGroupClass({
      cluster,
      groupId: 'group',
      logger: { namespace: () => ({}) },
      instrumentationEmitter: { emit: () => undefined },
    });
    Object.assign(group, { coordinator: { isConnected: () => false }, memberId: 'member' });
    await group.heartbeat({ interval: 0 });
    await group.heartbeat({ interval: 0 });
    expect(cluster.findGroupCoordinator.mock.calls).toEqual([[{ groupId: 'group' }]]);
    expect(coordinator.heartbeat).toHaveBeenCalledTimes(2);
  });

  it('commits at the new coordinator when the old one is gone', async () => {
    const coordinator = { isConnected: () => true };
    const self = {
      groupId: 'group',
      coordinator: { isConnected: () => false },
      cluster: { findGroupCoordinator: () => Promise.resolve(coordinator) },
    };
    const found = await call('consumer/offsetManager#getCoordinator', self);
    expect(found).toBe(coordinator);
    expect(self.coordinator).toBe(coordinator);
  });
});
