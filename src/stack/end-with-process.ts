import { constants } from 'node:os';

/** Something that must not outlive this process. */
export interface Ending {
  /** On a signal that nobody else handles. */
  readonly end: () => Promise<void>;
  /** While the process exits: no event loop any more. */
  readonly endNow: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type EndingSignal = (typeof SIGNALS)[number];

// Signals and exit belong to the process as a whole, so this is one set for all.
const endings = new Set<Ending>();
let signalled = false;

/**
 * Ends something together with this process, also at Ctrl-C and SIGTERM. Where others handle the signal
 * too, they decide when to exit, and what is left is ended at that moment.
 *
 * @returns what to call once it has ended on its own
 */
export function endWithProcess(ending: Ending): () => void {
  if (endings.size === 0) listen();
  endings.add(ending);
  return () => {
    if (endings.delete(ending) && endings.size === 0) stopListening();
  };
}

function listen(): void {
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('exit', onExit);
}

function stopListening(): void {
  for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  process.removeListener('exit', onExit);
}

function onExit(): void {
  for (const { endNow } of endings) endNow();
}

function onSignal(signal: EndingSignal): void {
  if (process.listenerCount(signal) - 1 > undecidedListeners()) return;
  // Whoever asks a second time does not want to wait.
  if (signalled) process.exit(128 + constants.signals[signal]);
  signalled = true;
  void Promise.allSettled([...endings].map(({ end }) => end())).then(() => {
    stopListening();
    process.kill(process.pid, signal);
  });
}

/**
 * How many listeners are those of the package signal-exit, which comes along with many others. It leaves the
 * decision to whoever else listens, as we do, so that without this each would wait for the other. Its two
 * generations count their listeners where everybody can read it.
 */
function undecidedListeners(): number {
  const emitters: readonly unknown[] = [
    Reflect.get(process, '__signal_exit_emitter__'),
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
  ];
  return emitters.map(countOf).reduce((sum, count) => sum + count, 0);
}

function countOf(emitter: unknown): number {
  if (typeof emitter !== 'object' || emitter === null || !('count' in emitter)) return 0;
  return typeof emitter.count === 'number' ? emitter.count : 0;
}
