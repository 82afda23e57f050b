import { createRequire } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { loadKafkajs } from '../../../src/adapters/kafka/load-kafkajs.ts';
import type { TopicIdAdmin } from '../../../src/adapters/kafka/topic-id-admin.ts';
import { type Decoder, decodeTopicIds } from '../../../src/adapters/kafka/topic-id-request.ts';
import { TopicIds } from '../../../src/adapters/kafka/topic-ids.ts';
import { randomName } from '../broker/messages.ts';
import { makeTopicAgain, openBroker, withAdmin } from './cluster.ts';

loadKafkajs();
const require = createRequire(import.meta.url);

describe('TopicIds', () => {
  const P = { topic: 'traces', partition: 0 };
  const OLD = 'oldoldoldoldoldoldoldo';
  const NEW = 'new-new_newnewnewnewne';
  const ids = (id: string) => new Map([['traces', id]]);

  function read(id: string): TopicIds {
    const topics = new TopicIds();
    topics.heard(ids(id));
    topics.assigned([P]);
    return topics;
  }

  function hearTwice(topics: TopicIds, id: string): void {
    expect(topics.heard(ids(id))).toBe(true);
    expect(topics.heard(ids(id))).toBe(false);
  }

  it('tells once that a partition is read in a topic that is gone', () => {
    const topics = read(OLD);
    expect(topics.takeOutdated([P])).toEqual([]);
    hearTwice(topics, NEW);
    expect(topics.takeOutdated([P])).toEqual([P]);
    topics.assigned([P]);
    expect(topics.takeOutdated([P])).toEqual([]);
    expect(topics.lookUp(P, { signed: null, id: NEW }).recreated).toBe(true);
    expect(topics.lookUp(P, { signed: null, id: NEW }).recreated).toBe(false);
    hearTwice(topics, 'thirdthirdthirdthirdth');
    expect(topics.takeOutdated([P])).toEqual([P]);
  });

  it('does not believe a broker that is late, whichever is heard first', () => {
    const topics = read(OLD);
    hearTwice(topics, NEW);
    for (const id of [OLD, NEW, OLD, NEW]) {
      topics.heard(ids(id));
      expect(topics.idOf('traces')).toBe(NEW);
    }
    const late = read(OLD);
    late.heard(ids(NEW));
    late.heard(ids(OLD));
    expect(late.idOf('traces')).toBe(OLD);
  });

  it('signs commits with the topic in which the position was looked up, until it is looked up again', () => {
    const topics = read(OLD);
    const commit = { ...P, offset: 3, metadata: '1:AAE=' };
    hearTwice(topics, NEW);
    const signed = topics.sign(commit);
    expect(signed).toEqual({ ...commit, metadata: `1:AAE=@${OLD}` });
    const committed = { offset: 3, metadata: '1:AAE=' };
    expect(read(OLD).lookUp(P, { signed, id: OLD })).toEqual({ committed, recreated: false });
    expect(read(NEW).lookUp(P, { signed, id: NEW })).toEqual({ committed, recreated: true });
    topics.lookUp(P, { signed, id: NEW });
    expect(topics.sign(commit).metadata).toBe(`1:AAE=@${NEW}`);
  });

  it('believes the commit of another member, which has seen the new topic earlier', () => {
    const signed = { offset: 3, metadata: `@${NEW}` };
    expect(read(OLD).lookUp(P, { signed, id: NEW }).recreated).toBe(false);
  });

  it('leaves commits alone where brokers tell no ids', () => {
    const topics = new TopicIds();
    topics.assigned([P]);
    const commit = { ...P, offset: 3, metadata: 'one' };
    expect(topics.sign(commit)).toEqual(commit);
    expect(topics.takeOutdated([P])).toEqual([]);
    const signed = { offset: 3, metadata: `one@${OLD}` };
    expect(topics.lookUp(P, { signed, id: undefined })).toEqual({
      committed: { offset: 3, metadata: 'one' },
      recreated: false,
    });
  });
});

describe('the ids of topics', () => {
  it('differ between a topic and one that was made again under its name; a topic that is missing has none', async () => {
    const broker = openBroker();
    const [first, second, missing] = [randomName('one'), randomName('two'), randomName('missing')];
    await broker.admin.ensureTopics(
      [first, second].map((name) => ({ name, partitions: 3 })),
      { create: true },
    );
    const ask = () =>
      withAdmin((admin) => (admin as TopicIdAdmin).fetchTopicIds([first, second, missing]));
    const before = await ask();
    expect([...before.keys()].toSorted()).toEqual([first, second].toSorted());
    expect(before.get(first)).toMatch(/^[\w-]{22}$/);
    expect(before.get(first)).not.toBe(before.get(second));
    await makeTopicAgain(first, 3);
    const after = await ask();
    expect(after.get(second)).toBe(before.get(second));
    expect(after.get(first)).toMatch(/^[\w-]{22}$/);
    expect(after.get(first)).not.toBe(before.get(first));
    await broker.close();
  });

  it('are not asked for where brokers are older than Kafka 2.8', async () => {
    const send = vi.fn<() => void>();
    const createAdmin = require('kafkajs/src/admin/index') as (options: object) => TopicIdAdmin;
    const broker = { versions: { 3: { minVersion: 0, maxVersion: 9 } }, connectionPool: { send } };
    const admin = createAdmin({
      logger: { namespace: () => ({}) },
      cluster: { brokerPool: { findConnectedBroker: () => Promise.resolve(broker) } },
    });
    expect(await admin.fetchTopicIds(['traces'])).toEqual(new Map());
    expect(send).not.toHaveBeenCalled();
  });

  it('are read from an answer with tags of the future, and left out where there is an error or no id', () => {
    const DecoderClass = require('kafkajs/src/protocol/decoder') as new (data: Buffer) => Decoder;
    const tags = [1, 9, 3, 1, 2, 3];
    const int32 = [0, 0, 0, 0];
    const text = (value: string) => [value.length + 1, ...Buffer.from(value)];
    const id = (byte: number) => Array.from({ length: 16 }, () => byte);
    const partition = [0, 0, ...int32, ...int32, ...int32, 2, ...int32, 1, 0, ...tags];
    const topic = (error: number, name: string, byte: number) => {
      const partitions = [3, ...partition, ...partition];
      return [0, error, ...text(name), ...id(byte), 0, ...partitions, ...int32, ...tags];
    };
    const brokers = [2, ...int32, ...text('host'), ...int32, 0, ...tags];
    const cluster = [...text('cluster'), ...int32];
    const topics = [4, ...topic(0, 'known', 7), ...topic(3, 'missing', 8), ...topic(0, 'old', 0)];
    const answer = [tags, int32, brokers, cluster, topics, int32, tags].flat();
    expect(decodeTopicIds(new DecoderClass(Buffer.from(answer)))).toEqual(
      new Map([['known', Buffer.from(id(7)).toString('base64url')]]),
    );
  });
});
