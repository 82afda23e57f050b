import type { EvaluationRun } from './evaluation-run.ts';

/** Takes what an iterator gives, one after the other, however many ask at once. */
interface Source<Item> {
  next(): Promise<IteratorResult<Item>>;
  /** Tells the iterator that nobody will ask again. */
  close(): void;
}

/**
 * Calls `work` for each item with its place, at most `concurrency` at once. Rejects with the first thing that
 * `work` or the data throws. When the run has ended no more items are asked for.
 */
export async function eachRow<Item>(
  data: Iterable<Item> | AsyncIterable<Item>,
  { run, concurrency }: { readonly run: EvaluationRun; readonly concurrency: number },
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  const source = openSource(data);
  const forget = run.onAbort(() => source.close());
  let taken = 0;
  const worker = async (): Promise<void> => {
    while (!run.signal.aborted) {
      const step = await source.next();
      if (step.done === true) return;
      const index = taken;
      taken += 1;
      await work(step.value, index);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  forget();
}

function openSource<Item>(data: Iterable<Item> | AsyncIterable<Item>): Source<Item> {
  const iterator =
    Symbol.asyncIterator in data ? data[Symbol.asyncIterator]() : data[Symbol.iterator]();
  let turn: Promise<unknown> = Promise.resolve();
  return {
    next: () => {
      const step = turn.then(() => iterator.next());
      turn = step.catch(() => undefined);
      return step;
    },
    close: () => {
      const closing = async (): Promise<void> => {
        await iterator.return?.();
      };
      // The evaluation has ended; what the source thinks of that changes nothing.
      closing().catch(() => undefined);
    },
  };
}
