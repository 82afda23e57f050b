import { createDayPartition } from './create-day-partition.ts';
import type { Database } from './database.ts';

/** The days of the archive that have a partition, as far as this process knows. */
export class DayPartitions {
  readonly #database: Database;
  /** Made, or being made; removed again when that fails. */
  readonly #days = new Map<string, Promise<void>>();

  constructor(database: Database) {
    this.#database = database;
  }

  /** Makes what is missing. */
  async ensure(days: ReadonlySet<string>): Promise<void> {
    for (const day of days) await this.#ensureDay(day);
  }

  /** Forgets days that turned out to have no partition (dropped by another process). */
  forget(days: ReadonlySet<string>): void {
    for (const day of days) this.#days.delete(day);
  }

  async #ensureDay(day: string): Promise<void> {
    const known = this.#days.get(day) ?? createDayPartition(this.#database, day);
    this.#days.set(day, known);
    try {
      await known;
    } catch (error) {
      if (this.#days.get(day) === known) this.#days.delete(day);
      throw error;
    }
  }
}
