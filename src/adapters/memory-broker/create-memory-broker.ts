import { AssayError } from '../../core/errors.ts';
import type { Broker, TopicAdmin } from '../../ports/broker.ts';
import { MemoryConsumer } from './memory-consumer.ts';
import { MemoryGroup } from './memory-group.ts';
import { createMemoryProducer } from './memory-producer.ts';
import { MemoryTopics } from './memory-topics.ts';

/**
 * A broker within this process: topics, groups and their positions last as long as it does. `close` stops
 * the members and keeps the records.
 */
export function createMemoryBroker(): Broker {
  const topics = new MemoryTopics();
  const groups = new Map<string, MemoryGroup>();
  const open = new Set<MemoryConsumer>();

  function groupOf(groupId: string): MemoryGroup {
    const known = groups.get(groupId);
    if (known !== undefined) return known;
    const group = new MemoryGroup(groupId, topics);
    groups.set(groupId, group);
    return group;
  }

  return {
    admin: createMemoryAdmin(topics),
    consumer({ groupId, topics: topicNames }) {
      const consumer = new MemoryConsumer({ group: groupOf(groupId), topics, topicNames });
      open.add(consumer);
      return consumer;
    },
    producer: () => createMemoryProducer(topics),
    async close() {
      await Promise.all([...open].map((consumer) => consumer.stop()));
      open.clear();
    },
  };
}

function createMemoryAdmin(topics: MemoryTopics): TopicAdmin {
  return {
    async ensureTopics(wanted, { create }) {
      await Promise.resolve();
      const missing = wanted.filter(({ name }) => !topics.has(name));
      const names = missing.map(({ name }) => name);
      if (missing.length > 0 && !create) {
        const says = `these topics do not exist: ${names.join(', ')}; set ASSAY_CREATE_TOPICS=true to let Assay create them`;
        throw new AssayError('TOPIC_NOT_FOUND', says, { context: { topics: names } });
      }
      for (const topic of missing) topics.create(topic);
      return names;
    },
  };
}
