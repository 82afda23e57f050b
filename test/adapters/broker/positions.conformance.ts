import { describe, expect, it } from 'vitest';
import { type Bench, failure, shared } from './bench.ts';
import { numbered, randomName } from './messages.ts';
import { join } from './test-member.ts';

const MAX_METADATA = 'm'.repeat(4_073);

export function describePositions(bench: Bench): void {
  describe('a position', () => {
    it('is null before the first commit, then what was committed, with its metadata', async () => {
      await bench.producer.send(bench.p(0), numbered(5));
      const member = await bench.join();
      expect(await bench.position(member)).toEqual({
        ...bench.p(0),
        committed: null,
        low: 0,
        high: 5,
        recreated: false,
      });
      await member.consumer.commit([{ ...bench.p(0), offset: 3, metadata: MAX_METADATA }]);
      const committed = { offset: 3, metadata: MAX_METADATA };
      expect(await bench.position(member)).toMatchObject({ committed, recreated: false });
      await member.consumer.commit([{ ...bench.p(0), offset: 4, metadata: '' }]);
      expect((await bench.position(member))?.committed).toEqual({ offset: 4, metadata: '' });
    });

    it('is refused with more than 4,073 bytes of metadata', async () => {
      const member = await bench.join();
      const commit = member.consumer.commit([
        { ...bench.p(0), offset: 0, metadata: `${MAX_METADATA}+` },
      ]);
      expect(await failure(commit)).toMatchObject({ code: 'BROKER_REFUSED', retryable: false });
      expect((await bench.position(member))?.committed).toBeNull();
    });

    it('is where the next member begins', async () => {
      await bench.producer.send(bench.p(0), numbered(5));
      const first = await bench.join();
      await first.received(5);
      await first.consumer.commit([{ ...bench.p(0), offset: 3, metadata: 'done' }]);
      await first.consumer.stop();
      const second = await bench.join();
      await second.received(2);
      expect(second.texts).toEqual(['3', '4']);
      expect((await bench.position(second))?.committed).toEqual({ offset: 3, metadata: 'done' });
    });

    it('belongs to one group', async () => {
      const member = await bench.join();
      await member.consumer.commit([{ ...bench.p(0), offset: 0, metadata: 'mine' }]);
      const other = await join(bench.broker, {
        groupId: randomName('group'),
        topics: [bench.topic],
      });
      expect((await bench.position(other))?.committed).toBeNull();
    });

    it('cannot be committed by a member that has left', async () => {
      const member = await bench.join();
      await member.consumer.stop();
      const late = member.consumer.commit([{ ...bench.p(0), offset: 1, metadata: '' }]);
      expect(await failure(late)).toMatchObject({
        code: 'GROUP_MEMBERSHIP_LOST',
        retryable: false,
      });
      expect((await bench.position(await bench.join()))?.committed).toBeNull();
    });

    it('of a partition of somebody else cannot be committed; the others of the call are', async () => {
      bench.topic = await bench.makeTopic(2);
      const [mine, yours] = [await bench.join(), await bench.join()];
      await shared([mine, yours], 2);
      const own = Number(mine.owned[0]?.split('/')[1]);
      const commit = mine.consumer.commit(
        [0, 1].map((partition) => ({ ...bench.p(partition), offset: 0, metadata: 'mine' })),
      );
      expect(await failure(commit)).toMatchObject({ code: 'GROUP_MEMBERSHIP_LOST' });
      expect((await bench.position(yours, own))?.committed).toEqual({
        offset: 0,
        metadata: 'mine',
      });
      expect((await bench.position(yours, 1 - own))?.committed).toBeNull();
    });
  });
}
