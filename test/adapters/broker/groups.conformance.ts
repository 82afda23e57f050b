import { describe, expect, it, vi } from 'vitest';
import { type Bench, shared } from './bench.ts';
import { numbered } from './messages.ts';
import { SOON } from './test-member.ts';

export function describeGroups(bench: Bench): void {
  describe('members of a group', () => {
    it('share the partitions, and hand them over when one leaves', async () => {
      bench.topic = await bench.makeTopic(4);
      const all = [0, 1, 2, 3].map((partition) => `${bench.topic}/${partition}`);
      const first = await bench.join();
      expect(first.owned).toEqual(all);
      const second = await bench.join();
      await shared([first, second], 4);
      expect(first.owned).toHaveLength(2);
      const left = performance.now();
      await second.consumer.stop();
      await vi.waitFor(() => expect(first.owned).toEqual(all), SOON);
      // Well below the time after which a silent member is taken for dead.
      expect(performance.now() - left).toBeLessThan(8_000);
    });

    it('get each record once, and none of partitions they have lost', async () => {
      bench.topic = await bench.makeTopic(4);
      const first = await bench.join();
      const second = await bench.join();
      await shared([first, second], 4);
      for (const partition of [0, 1, 2, 3])
        await bench.producer.send(bench.p(partition), numbered(50));
      await vi.waitFor(() => expect(first.records.length + second.records.length).toBe(200), SOON);
      for (const member of [first, second]) {
        const from = new Set(
          member.records.map(({ position: at }) => `${at.topic}/${at.partition}`),
        );
        expect([...from].sort()).toEqual(member.owned);
      }
    });

    it('are told of it when there is no partition for them, and do not disturb the one that has it', async () => {
      const first = await bench.join();
      const others = await Promise.all([bench.join(), bench.join(), bench.join()]);
      const members = [first, ...others];
      await vi.waitFor(() => {
        expect(members.every(({ assignments }) => assignments.length > 0)).toBe(true);
        expect(members.flatMap(({ owned }) => owned)).toHaveLength(1);
      }, SOON);
      await bench.producer.send(bench.p(0), numbered(3));
      const owner = members.find(({ owned }) => owned.length === 1) ?? first;
      await owner.received(3);
      expect(members.flatMap(({ failures }) => failures)).toEqual([]);
      expect(members.flatMap(({ texts }) => texts)).toEqual(['0', '1', '2']);
    });

    it('find their partitions paused after each assignment', async () => {
      bench.topic = await bench.makeTopic(2);
      const first = await bench.join();
      first.onAssigned = () => undefined;
      const second = await bench.join();
      await shared([first, second], 2);
      const own = Number(first.owned[0]?.split('/')[1]);
      await bench.producer.send(bench.p(own), numbered(3));
      await bench.producer.send(bench.p(1 - own), numbered(3));
      await second.received(3);
      expect(first.batches).toEqual([]);
      first.consumer.resume(bench.p(own), 1);
      await first.received(2);
      expect(first.texts).toEqual(['1', '2']);
    });
  });
}
