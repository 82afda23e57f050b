/** The same pages, each asked for while the one before is worked on. */
export async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page> {
  const iterator = pages[Symbol.asyncIterator]();
  let next = ask(iterator);
  try {
    for (;;) {
      const taken = await next;
      if (taken.done === true) return;
      next = ask(iterator);
      yield taken.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.();
  }
}

/** An error counts when the page is taken, not before. */
function ask<Page>(iterator: AsyncIterator<Page>): Promise<IteratorResult<Page>> {
  const next = iterator.next();
  next.catch(() => undefined);
  return next;
}
