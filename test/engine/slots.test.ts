import { describe, expect, it } from 'vitest';
import { WorkAborted } from '../../src/engine/abort.ts';
import { Slots } from '../../src/engine/slots.ts';

function gate() {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const never = new AbortController().signal;

describe('Slots', () => {
  it('lets no more in than there are places, and the others in order', async () => {
    const slots = new Slots(2);
    const gates = Array.from({ length: 5 }, gate);
    const entered: number[] = [];
    const work = gates.map(({ opened }, i) =>
      slots.use(never, async () => {
        entered.push(i);
        await opened;
      }),
    );
    await turn();
    expect(entered).toEqual([0, 1]);
    gates[1]?.open();
    await work[1];
    await turn();
    expect(entered).toEqual([0, 1, 2]);
    for (const { open } of gates) open();
    await Promise.all(work);
    expect(entered).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives the place on after a failure', async () => {
    const slots = new Slots(1);
    await expect(slots.use(never, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await slots.use(never, () => Promise.resolve('yes'))).toBe('yes');
  });

  it('leaves the line when given up, and loses no place by it', async () => {
    const slots = new Slots(1);
    const first = gate();
    const holding = slots.use(never, () => first.opened);
    const gaveUp = new AbortController();
    const waiting = slots.use(gaveUp.signal, () => Promise.resolve('never'));
    const behind = slots.use(never, () => Promise.resolve('entered'));
    gaveUp.abort();
    await expect(waiting).rejects.toBeInstanceOf(WorkAborted);
    first.open();
    await holding;
    expect(await behind).toBe('entered');
  });

  it('passes the place on that it was given in the very turn in which it was given up', async () => {
    const slots = new Slots(1);
    const first = gate();
    const holding = slots.use(never, () => first.opened);
    const gaveUp = new AbortController();
    const waiting = slots.use(gaveUp.signal, () => Promise.resolve('never'));
    const behind = slots.use(never, () => Promise.resolve('entered'));
    // Runs right after the end of the first, before the one in line notices that it has the place.
    void first.opened.then(() => gaveUp.abort());
    first.open();
    await expect(waiting).rejects.toBeInstanceOf(WorkAborted);
    await holding;
    expect(await behind).toBe('entered');
  });
});
