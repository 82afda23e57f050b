import type { DeadLetter } from '../../core/dead-letter.ts';
import { toDeadLetterMessage } from '../../core/dead-letter-message.ts';
import type { DeadLetterIndex } from '../../ports/dead-letter-index.ts';
import { abandonOnAbort } from '../abort.ts';
import { type Stored, storeBisecting } from '../bisect.ts';
import { coalesce } from '../coalesce.ts';
import type { PartitionScope } from '../partition-scope.ts';
import type { Retry } from '../retry.ts';

export interface DeadLetterStepPorts {
  readonly index: DeadLetterIndex;
  readonly retry: Retry;
  readonly signal: AbortSignal;
}

/** The error exit of steps 1 and 2: the record to its topic first, then its line into the index. */
export function createDeadLetterStep(
  ports: DeadLetterStepPorts,
): (letter: DeadLetter, scope: PartitionScope) => Promise<void> {
  const { index, retry, signal } = ports;
  const add = coalesce<DeadLetter, Stored<undefined>>({
    maxItems: 200,
    parallel: 1,
    run: (letters) =>
      storeBisecting(letters, async (part) => {
        await retry('postgres', signal, () => index.add(part));
        return part.map(() => undefined);
      }),
  });
  return async (letter, scope) => {
    await scope.output.deadLetter(toDeadLetterMessage(letter));
    const indexed = await abandonOnAbort(add(letter), scope.signal);
    // The topic holds the record; an index line that Postgres refuses must not hold up the stream.
    if (indexed.kind === 'refused') await abandonOnAbort(add(withoutText(letter)), scope.signal);
  };
}

function withoutText(letter: DeadLetter): DeadLetter {
  return { ...letter, key: null, detail: 'the description cannot be stored', field: null };
}
