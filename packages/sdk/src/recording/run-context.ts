/** A value that goes along with the code that runs under it, like the span that is open. */
export interface RunContext<T> {
  /** The value of the innermost `run` that the caller runs under; undefined outside of any. */
  get(): T | undefined;
  run<R>(value: T, work: () => R): R;
}

interface Storage<T> {
  getStore(): T | undefined;
  run<R>(value: T, work: () => R): R;
}

type StorageClass = new <T>() => Storage<T>;

/**
 * Follows promises and timers where the runtime offers Node's AsyncLocalStorage without an import (Node 20.16,
 * 22.3 and later, Bun, Deno). Elsewhere the value is seen only until `work` returns, so not after an `await`.
 */
export function createRunContext<T>(platform: object = globalThis): RunContext<T> {
  const AsyncLocalStorage = findStorage(platform);
  if (AsyncLocalStorage === undefined) return createSynchronousContext();
  const storage = new AsyncLocalStorage<T>();
  return { get: () => storage.getStore(), run: (value, work) => storage.run(value, work) };
}

function createSynchronousContext<T>(): RunContext<T> {
  let current: T | undefined;
  return {
    get: () => current,
    run: (value, work) => {
      const outer = current;
      current = value;
      try {
        return work();
      } finally {
        current = outer;
      }
    },
  };
}

function findStorage(platform: object): StorageClass | undefined {
  const runtime: unknown = Reflect.get(platform, 'process');
  if (!isObject(runtime) || typeof runtime['getBuiltinModule'] !== 'function') return undefined;
  const hooks: unknown = Reflect.apply(runtime['getBuiltinModule'], runtime, ['node:async_hooks']);
  if (!isObject(hooks) || typeof hooks['AsyncLocalStorage'] !== 'function') return undefined;
  // The SDK has no types of Node; these two methods have been there since Node 13.
  return hooks['AsyncLocalStorage'] as StorageClass;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
