import { createMemoryBroker } from '../../../src/adapters/memory-broker/create-memory-broker.ts';
import { describeBroker } from '../broker/broker.conformance.ts';

const broker = createMemoryBroker();

describeBroker('the broker in memory', () => broker);
