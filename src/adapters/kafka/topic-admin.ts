import { AssayError } from '../../core/errors.ts';
import type { TopicAdmin, TopicSpec } from '../../ports/broker.ts';
import { ClusterAdmin, isWithoutLeader } from './cluster-admin.ts';
import type { KafkaOptions } from './kafka-options.ts';

/** Makes sure of topics over a connection that lasts no longer than that. */
export function createTopicAdmin(options: KafkaOptions): TopicAdmin {
  return {
    async ensureTopics(topics, { create }) {
      const admin = new ClusterAdmin(options);
      try {
        await admin.connect('look up topics');
        const missing: TopicSpec[] = [];
        for (const topic of topics) if (!(await exists(admin, topic.name))) missing.push(topic);
        if (missing.length > 0 && !create) throw notFound(missing.map(({ name }) => name));
        const made: string[] = [];
        for (const topic of missing) if (await admin.create(topic)) made.push(topic.name);
        return made;
      } finally {
        await admin.close();
      }
    },
  };
}

/** A topic that has no leader at the moment exists. */
async function exists(admin: ClusterAdmin, topic: string): Promise<boolean> {
  try {
    return (await admin.partitionsOf(topic)) !== undefined;
  } catch (error) {
    if (isWithoutLeader(error)) return true;
    throw error;
  }
}

function notFound(names: readonly string[]): AssayError {
  return new AssayError(
    'TOPIC_NOT_FOUND',
    `these topics do not exist: ${names.join(', ')}; create them, or set ASSAY_CREATE_TOPICS=true to let Assay do it`,
    { context: { topics: names } },
  );
}
