/** The console takes everything and shows nothing. */
const drop = (): void => undefined;
const METHODS = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'table',
  'dir',
  'group',
  'groupEnd',
];

export const innerConsole: Readonly<Record<string, () => void>> = Object.freeze(
  Object.fromEntries(METHODS.map((method) => [method, drop])),
);

/** A signal that never fires: the sandbox ends a call by itself. */
export const neverSignal = Object.freeze({
  aborted: false,
  reason: undefined,
  onabort: null,
  addEventListener: drop,
  removeEventListener: drop,
  throwIfAborted: drop,
  dispatchEvent: () => true,
});

/** Ways to share memory, to run later, and to run machine code. */
const REMOVED = [
  'Atomics',
  'SharedArrayBuffer',
  'WebAssembly',
  'FinalizationRegistry',
  'console',
] as const;

/** `RegExp.$1` and its like remember the last match of anybody. */
const REMOVED_OF_REGEXP: readonly string[] = [
  'input',
  '$_',
  'lastMatch',
  '$&',
  'lastParen',
  '$+',
  'leftContext',
  '$`',
  'rightContext',
  "$'",
  ...Array.from({ length: 9 }, (_, index) => `$${index + 1}`),
];

export function trimGlobals(): void {
  for (const name of REMOVED) Reflect.deleteProperty(globalThis, name);
  for (const name of REMOVED_OF_REGEXP) Reflect.deleteProperty(RegExp, name);
}

class NeverAborted {
  readonly signal = neverSignal;
  readonly abort = drop;
}

/** Scorers that call each other need one; nothing can abort in here. */
export function addGlobals(): void {
  Reflect.defineProperty(globalThis, 'AbortController', { value: NeverAborted });
  Reflect.defineProperty(globalThis, 'console', { value: innerConsole });
}
