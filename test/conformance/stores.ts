import type { Claim } from '../../src/core/claim.ts';
import type { Archive, TraceRecords } from '../../src/ports/archive.ts';
import type { DeadLetterIndex } from '../../src/ports/dead-letter-index.ts';
import type { Ledger, PartitionClaims } from '../../src/ports/ledger.ts';
import type { Registry } from '../../src/ports/registry.ts';

/** The ports to one database that nobody else uses. */
export interface Stores extends AsyncDisposable {
  readonly archive: Archive;
  readonly traceRecords: TraceRecords;
  readonly ledger: Ledger;
  /** Claims of group `assay`. */
  readonly claims: PartitionClaims;
  readonly deadLetterIndex: DeadLetterIndex;
  readonly registry: Registry;
  /** Offsets of a topic that the index of dead letters lists, in order. */
  deadLetters(topic: string): Promise<readonly number[]>;
}

/** What the suites work with: stores, and topics and experiments that no other test uses. */
export class StoreBench {
  #stores: Stores | undefined;
  #names = 0;

  use(stores: Stores): void {
    this.#stores = stores;
  }

  get stores(): Stores {
    if (this.#stores === undefined) throw new Error('the tests have not begun');
    return this.#stores;
  }

  name(prefix: string): string {
    return `${prefix}-${this.#names++}`;
  }

  /** Claims a partition of a new topic. */
  async claim(partition = 0): Promise<Claim> {
    return first(await this.stores.claims.claim([{ topic: this.name('traces'), partition }]));
  }

  /** Claims the same partition again, as another instance would; the claim that was there is void. */
  async raise({ topic, partition }: Claim): Promise<Claim> {
    return first(await this.stores.claims.claim([{ topic, partition }]));
  }
}

/** The first of a list that cannot be empty. */
export function first<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}
