/** The outcome of `work`, or the error of `late` if that takes longer; then nobody waits for it any more. */
export async function within<Result>(
  timeoutMs: number,
  work: Promise<Result>,
  late: () => Error,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits for an end that is not worth more than `timeoutMs`, and for no error. */
export async function settle(timeoutMs: number, work: Promise<unknown>): Promise<void> {
  await within(timeoutMs, work, () => new Error('too late')).catch(() => undefined);
}
