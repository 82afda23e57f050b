import { type Position, partitionKey, type TopicPartition } from '../../core/position.ts';

/**
 * Decoded traces that were not selected yet, with the number of scorers in force for each. Traces
 * that are given up with their partition never leave by themselves; they go when this process
 * claims the partition again, so that there are never more than were in flight.
 */
export class UndecidedTraces {
  readonly #partitions = new Map<string, Map<number, number>>();
  #scorers = 0;

  /** Σ of scorers over all traces that came and did not leave, given-up ones included. */
  get scorers(): number {
    return this.#scorers;
  }

  add({ offset, ...partition }: Position, scorers: number): void {
    const key = partitionKey(partition);
    const offsets = this.#partitions.get(key) ?? new Map<number, number>();
    this.#partitions.set(key, offsets);
    offsets.set(offset, scorers);
    this.#scorers += scorers;
  }

  /** The trace is decided on; returns its number of scorers. */
  remove({ offset, ...partition }: Position): number {
    const offsets = this.#partitions.get(partitionKey(partition));
    const scorers = offsets?.get(offset) ?? 0;
    offsets?.delete(offset);
    this.#scorers -= scorers;
    return scorers;
  }

  /** Nothing of an earlier ownership of the partition will be decided on any more. */
  forget(partition: TopicPartition): void {
    this.#partitions.delete(partitionKey(partition));
  }
}
