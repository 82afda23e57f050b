/**
 * Group commit: single calls in, batches out. A call waits only while `parallel` batches are under
 * way; all that arrive meanwhile go together in the next one. So an idle service answers at once
 * and a busy one writes large batches, without a timer to tune.
 */
export interface CoalesceOptions<Item, Result> {
  /** Handles a batch; answers in the order of the items. A rejection rejects every call of the batch. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
  /** Items per batch. */
  readonly maxItems: number;
  /** Size of an item, with `maxSize` per batch; an item larger than that goes alone. */
  readonly sizeOf?: (item: Item) => number;
  readonly maxSize?: number;
  /** Batches under way at once. */
  readonly parallel: number;
}

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

export function coalesce<Item, Result>(
  options: CoalesceOptions<Item, Result>,
): (item: Item) => Promise<Result> {
  const { run, maxItems, parallel, sizeOf = () => 0, maxSize = Number.POSITIVE_INFINITY } = options;
  let waiting: Waiting<Item, Result>[] = [];
  let underWay = 0;
  let scheduled = false;

  function nextBatch(): Waiting<Item, Result>[] {
    let count = 0;
    let size = 0;
    for (const { item } of waiting) {
      size += sizeOf(item);
      if (count === maxItems || (count > 0 && size > maxSize)) break;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  }

  async function runBatch(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length) {
        throw new Error(`a batch of ${batch.length} items got ${results.length} answers`);
      }
      batch.forEach(({ resolve }, i) => resolve(results[i] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      underWay--;
      pump();
    }
  }

  function pump(): void {
    scheduled = false;
    while (underWay < parallel && waiting.length > 0) {
      underWay++;
      void runBatch(nextBatch());
    }
  }

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // One turn later, so that all calls made in the same turn share the first batch.
      if (!scheduled) {
        scheduled = true;
        queueMicrotask(pump);
      }
    });
}
