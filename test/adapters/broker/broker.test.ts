import { inject } from 'vitest';
import { createKafkaBroker } from '../../../src/adapters/kafka/create-kafka-broker.ts';
import { describeBroker } from './broker.conformance.ts';

describeBroker('Kafka', () =>
  createKafkaBroker({ brokers: inject('kafkaBrokers').split(','), ssl: false }),
);
