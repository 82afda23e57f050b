/** The engine gave up a piece of work on purpose: its partition was lost, or the process is stopping. */
export class WorkAborted extends Error {
  constructor() {
    super('the work was given up: its partition was lost or the service is stopping');
    this.name = 'WorkAborted';
  }
}

/** Postgres stored nothing, because another instance has claimed the partition. */
export class ClaimLost extends Error {
  constructor() {
    super('another instance has claimed the partition');
    this.name = 'ClaimLost';
  }
}

/** What a step does when Postgres says so: the partition goes first, so that nobody takes up its work in between. */
export function giveUpClaim(scope: { claimLost(): void }): never {
  scope.claimLost();
  throw new ClaimLost();
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new WorkAborted();
}

/** Rejects with WorkAborted as soon as the signal does; the promise itself goes on unheard. */
export function abandonOnAbort<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => undefined);
    return Promise.reject(new WorkAborted());
  }
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(new WorkAborted());
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
