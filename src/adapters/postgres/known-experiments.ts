import type { Statements } from './database.ts';
import { ensureExperiments } from './ensure-experiments.ts';

/** Traces name their experiment themselves, so the number of ids has no bound of its own. */
const MAX_KNOWN = 10_000;

/** Experiments that this process has seen in the database; nobody deletes them. */
export class KnownExperiments {
  readonly #statements: Statements;
  readonly #known = new Set<string>();

  constructor(statements: Statements) {
    this.#statements = statements;
  }

  /** Adds those that were not seen before. */
  async ensure(experimentIds: Iterable<string>): Promise<void> {
    const unseen = [...new Set(experimentIds)].filter((id) => !this.#known.has(id));
    if (unseen.length === 0) return;
    await ensureExperiments(this.#statements, unseen);
    if (this.#known.size + unseen.length > MAX_KNOWN) this.#known.clear();
    for (const id of unseen) this.#known.add(id);
  }
}
