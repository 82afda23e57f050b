import { describe, expect, it } from 'vitest';
import { postgresAway } from './fakes/errors.ts';
import { turns } from './fakes/turns.ts';
import { type Instance, openWorld, type World } from './fakes/world.ts';

/** A new instance finds nothing to do: no record comes again, nothing is published. */
async function expectNothingLeft(world: World): Promise<void> {
  const late = await world.start();
  await world.until(() => late.engine.readySinceMs !== undefined);
  await turns(50);
  expect(late.totals()).toMatchObject({ records: 0, redelivered: 0, publishedEvents: 0 });
  await world.stop(late);
}

const problemsOf = (instances: readonly Instance[]): readonly unknown[] =>
  instances.flatMap((instance) => instance.problems());

/** So many results are stored, as a share of all. */
const share = (world: World, of: number) => () => world.database.results.size >= of * world.results;

describe('the live path', () => {
  it('ends every pick once, and after a clean stop nothing comes again (I4, I7, I8, I11)', async () => {
    const world = await openWorld(1, 500);
    const first = await world.start();
    await world.until(share(world, 0.3));
    await world.stop(first);
    const second = await world.start();
    await world.until(share(world, 1));
    await world.stop(second);
    expect(first.totals().recordsDone + second.totals().records).toBe(world.records);
    await expectNothingLeft(world);
    expect(await world.problems()).toEqual([]);
    expect(problemsOf([first, second])).toEqual([]);
  });

  it.each([2, 3, 4])(
    'ends every pick once when instances come and go in the middle (seed %i)',
    async (seed) => {
      const world = await openWorld(seed, 200);
      const first = await world.start();
      await world.until(share(world, 0.2));
      const second = await world.start();
      await world.until(share(world, 0.5));
      await world.stop(first);
      await world.until(share(world, 1));
      await world.stop(second);
      await expectNothingLeft(world);
      expect(await world.problems()).toEqual([]);
      expect(problemsOf([first, second])).toEqual([]);
    },
  );

  it.each([5, 6, 7])(
    'ends every pick once when an instance is cut off and does not know it (seed %i)',
    async (seed) => {
      const world = await openWorld(seed, 200);
      const zombie = await world.start();
      await world.until(share(world, 0.3));
      const heir = await world.start();
      // The group forgets the first one, which goes on with what it has in flight.
      await zombie.consumer.stop();
      await world.until(share(world, 1));
      await world.stop(heir);
      await world.stop(zombie);
      expect(await world.problems()).toEqual([]);
      expect(problemsOf([zombie, heir])).toEqual([]);
    },
  );

  it('loses nothing when Postgres is away for a while', async () => {
    const world = await openWorld(8, 200);
    const instance = await world.start();
    for (const of of [0.1, 0.4, 0.7]) {
      await world.until(share(world, of));
      world.database.outage = postgresAway();
      const endMs = world.clock.now() + 7_000;
      await world.until(() => world.clock.now() > endMs);
      world.database.outage = undefined;
    }
    await world.until(share(world, 1));
    await world.stop(instance);
    expect(await world.problems()).toEqual([]);
    expect(problemsOf([instance])).toEqual([]);
  });

  it('keeps to the bound of what is in flight (I9)', async () => {
    const world = await openWorld(9, 200);
    const instance = await world.start();
    let most = 0;
    await world.until(() => {
      const { records, recordsDone } = instance.totals();
      most = Math.max(most, records - recordsDone);
      return share(world, 1)();
    });
    await world.stop(instance);
    expect(most).toBe(100);
  });
});
