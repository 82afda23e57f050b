import type { Kafka } from 'kafkajs';
import { expect, it } from 'vitest';
import { createClient, QUICK_RETRY } from '../../../src/adapters/kafka/create-client.ts';

/** The table of committed offsets that kafkajs keeps in a client, for all consumers it makes. */
function offsetsOf(client: Kafka): unknown {
  const symbol = Object.getOwnPropertySymbols(client).find(
    ({ description }) => description === 'private:Kafka:offsets',
  );
  return symbol === undefined ? undefined : Reflect.get(client, symbol);
}

it('gives each member a client, and so a table of offsets, of its own', () => {
  const [one, two] = [1, 2].map(() => {
    const options = { brokers: ['127.0.0.1:1'], ssl: false };
    return offsetsOf(createClient(options, QUICK_RETRY));
  });
  expect(one).toBeInstanceOf(Map);
  expect(two).toBeInstanceOf(Map);
  expect(one).not.toBe(two);
});
