import type { Broker } from '../../ports/broker.ts';
import { KafkaConsumer } from './kafka-consumer.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { KafkaProducer } from './kafka-producer.ts';
import { createTopicAdmin } from './topic-admin.ts';

/** A Kafka cluster. Connects nothing yet: each consumer, producer and admin call does so for itself. */
export function createKafkaBroker(options: KafkaOptions): Broker {
  const open = new Set<{ stop(): Promise<void> }>();
  const keep = <Member extends { stop(): Promise<void> }>(member: Member): Member => {
    open.add(member);
    return member;
  };
  return {
    admin: createTopicAdmin(options),
    consumer: (consumer) => keep(new KafkaConsumer(options, consumer)),
    producer: () => keep(new KafkaProducer(options)),
    async close() {
      await Promise.all([...open].map((member) => member.stop()));
      open.clear();
    },
  };
}
