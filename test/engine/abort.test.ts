import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abandonOnAbort, throwIfAborted, WorkAborted } from '../../src/engine/abort.ts';
import { turns } from './fakes/turns.ts';

describe('abandonOnAbort', () => {
  it('passes on what the promise brings', async () => {
    const { signal } = new AbortController();
    expect(await abandonOnAbort(Promise.resolve(1), signal)).toBe(1);
    await expect(abandonOnAbort(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  });

  it('rejects at the abort, and lets the promise go on unheard', async () => {
    const controller = new AbortController();
    const late = Promise.withResolvers<number>();
    const abandoned = abandonOnAbort(late.promise, controller.signal);
    controller.abort();
    await expect(abandoned).rejects.toBeInstanceOf(WorkAborted);
    late.reject(new Error('nobody hears this, and it ends no process'));
    await turns();
  });

  it('rejects at once when the abort came before, and hears no rejection either', async () => {
    const late = Promise.reject(new Error('nobody hears this, and it ends no process'));
    await expect(abandonOnAbort(late, AbortSignal.abort())).rejects.toBeInstanceOf(WorkAborted);
    await turns();
  });

  it('leaves no listener on a signal that lives long', async () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i++) await abandonOnAbort(Promise.resolve(i), signal);
    await abandonOnAbort(Promise.reject(new Error('no')), signal).catch(() => undefined);
    await turns();
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('throwIfAborted', () => {
  it('throws once the signal has come', () => {
    const controller = new AbortController();
    throwIfAborted(controller.signal);
    controller.abort();
    expect(() => throwIfAborted(controller.signal)).toThrow(WorkAborted);
  });
});
