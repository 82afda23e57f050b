import { describe, expect, it } from 'vitest';
import { type Bench } from './bench.ts';
import { numbered, randomName } from './messages.ts';
import { join } from './test-member.ts';

export function describePartitions(bench: Bench): void {
  describe('a partition', () => {
    it('is paused until it is resumed', async () => {
      await bench.producer.send(bench.p(0), numbered(3));
      const member = await bench.join((one) => {
        one.onAssigned = () => undefined;
      });
      const other = await bench.makeTopic(1);
      await bench.producer.send(bench.p(0, other), numbered(1));
      const witness = await join(bench.broker, { groupId: randomName('group'), topics: [other] });
      await witness.received(1);
      expect(member.batches).toEqual([]);
      member.consumer.resume(bench.p(0));
      await member.received(3);
      expect(member.texts).toEqual(['0', '1', '2']);
    });

    it('goes on from the offset that batch returns', async () => {
      await bench.producer.send(bench.p(0), numbered(5));
      const member = await bench.join((one) => {
        one.take = ({ records, lastOffset }) =>
          one.batches.length === 1 ? (records[2]?.position.offset ?? 0) : lastOffset + 1;
      });
      await member.received(8);
      expect(member.texts).toEqual(['0', '1', '2', '3', '4', '2', '3', '4']);
    });

    it('keeps its place while it is paused in the middle of a batch', async () => {
      await bench.producer.send(bench.p(0), numbered(5));
      const member = await bench.join((one) => {
        one.take = () => {
          one.consumer.pause(bench.p(0));
          return 2;
        };
      });
      await member.received(5);
      await bench.producer.send(bench.p(0), numbered(1, 5));
      expect(member.batches).toHaveLength(1);
      member.take = ({ lastOffset }) => lastOffset + 1;
      member.consumer.resume(bench.p(0));
      await member.received(9);
      expect(member.texts.slice(5)).toEqual(['2', '3', '4', '5']);
    });

    it('goes back and forth to the offset that resume names', async () => {
      await bench.producer.send(bench.p(0), numbered(6));
      const member = await bench.join();
      await member.received(6);
      member.consumer.pause(bench.p(0));
      member.consumer.resume(bench.p(0), 1);
      await member.received(11);
      expect(member.texts.slice(6)).toEqual(['1', '2', '3', '4', '5']);
      member.consumer.resume(bench.p(0), 5);
      await member.received(12);
      expect(member.texts.slice(11)).toEqual(['5']);
    });

    it('takes the offset of a resume within batch, whatever batch returns', async () => {
      await bench.producer.send(bench.p(0), numbered(4));
      const member = await bench.join((one) => {
        one.take = ({ lastOffset }) => {
          if (one.batches.length === 1) one.consumer.resume(bench.p(0), 2);
          return lastOffset + 1;
        };
      });
      await member.received(6);
      expect(member.texts.slice(4)).toEqual(['2', '3']);
    });

    it('of somebody else is not touched by pause and resume', async () => {
      const other = await bench.makeTopic(1);
      const member = await bench.join();
      member.consumer.resume(bench.p(0, other), 0);
      member.consumer.pause(bench.p(0, other));
      member.consumer.resume(bench.p(99), 0);
      await bench.producer.send(bench.p(0, other), numbered(1));
      await bench.producer.send(bench.p(0), numbered(1));
      await member.received(1);
      expect(member.records[0]?.position.topic).toBe(bench.topic);
    });
  });
}
