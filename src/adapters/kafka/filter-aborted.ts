/** A record with the part of its record batch that says to which transaction it belongs. */
export interface FetchedRecord {
  readonly offset: string;
  readonly key: Buffer | null;
  /** A marker that ends a transaction. */
  readonly isControlRecord: boolean;
  /** Absent in the message formats before Kafka 0.11, which know no transactions. */
  readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
}

export interface AbortedTransaction {
  readonly producerId: string;
  readonly firstOffset: string;
}

/**
 * Removes the records of aborted transactions from a fetched partition, as a reader of committed records
 * has to (KIP-98): from a transaction's first offset on, records of its producer are dropped until the
 * producer's abort marker. The broker names the transactions in no order, and several begin at once.
 */
export function filterAborted<Record extends FetchedRecord>(fetched: {
  readonly messages: readonly Record[];
  readonly abortedTransactions?: readonly AbortedTransaction[] | null;
}): readonly Record[] {
  const { messages, abortedTransactions } = fetched;
  if (!abortedTransactions?.length) return messages;
  const begins = abortedTransactions
    .map(({ producerId, firstOffset }) => ({ producerId, at: Number(firstOffset) }))
    .toSorted((a, b) => b.at - a.at);
  const aborting = new Set<string>();
  return messages.filter(({ offset, key, isControlRecord, batchContext }) => {
    for (;;) {
      const next = begins.at(-1);
      if (next === undefined || next.at > Number(offset)) break;
      aborting.add(next.producerId);
      begins.pop();
    }
    if (batchContext === undefined) return true;
    const { producerId, inTransaction } = batchContext;
    if (isControlRecord) {
      if (isAbortMarker(key)) aborting.delete(producerId);
      return true;
    }
    return !(inTransaction && aborting.has(producerId));
  });
}

/** The key of a marker is its version and its type, both int16; type 0 is an abort. */
function isAbortMarker(key: Buffer | null): boolean {
  return key !== null && key.length >= 4 && key.readInt16BE(2) === 0;
}
