import { AssayError } from '../../core/errors.ts';
import type { ClusterAdmin } from './cluster-admin.ts';

/** Topics seldom get partitions; an answer may be this old. */
const MAX_AGE_MS = 30_000;

interface Known {
  readonly count: Promise<number>;
  readonly atMs: number;
}

/** How many partitions topics have. */
export class TopicPartitions {
  readonly #admin: ClusterAdmin;
  readonly #known = new Map<string, Known>();

  constructor(admin: ClusterAdmin) {
    this.#admin = admin;
  }

  /** Throws TOPIC_NOT_FOUND. */
  async count(topic: string): Promise<number> {
    const known = this.#known.get(topic);
    if (known !== undefined && performance.now() - known.atMs < MAX_AGE_MS) return known.count;
    return this.refresh(topic);
  }

  async refresh(topic: string): Promise<number> {
    const count = this.#ask(topic);
    const entry = { count, atMs: performance.now() };
    this.#known.set(topic, entry);
    try {
      return await count;
    } catch (error) {
      if (this.#known.get(topic) === entry) this.#known.delete(topic);
      throw error;
    }
  }

  async #ask(topic: string): Promise<number> {
    const count = await this.#admin.partitionsOf(topic);
    if (count !== undefined) return count;
    const says = `topic '${topic}' does not exist; create it, or set ASSAY_CREATE_TOPICS=true and start again`;
    throw new AssayError('TOPIC_NOT_FOUND', says, {
      retryable: true,
      context: { topics: [topic] },
    });
  }
}
