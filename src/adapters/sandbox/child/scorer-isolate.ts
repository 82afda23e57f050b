import type { Context, Isolate, Module, Reference } from 'isolated-vm';
import type { IsolatedVm } from './load-isolated-vm.ts';
import type { InnerModule, LimitCode } from './protocol.ts';

export interface IsolateOptions {
  readonly ivm: IsolatedVm;
  /** The last one is the entry: isolate/call-scorer.ts. */
  readonly modules: readonly InnerModule[];
  readonly memoryMb: number;
  readonly onCatastrophe: (message: string) => void;
}

export type RunResult =
  /** One line for each trace, as isolate/call-scorer.ts writes it. */
  | { readonly ok: true; readonly results: readonly string[] }
  | {
      readonly ok: false;
      readonly code: LimitCode | 'SCORER_ERROR';
      readonly message: string;
      /** Time on a processor that the run took. */
      readonly cpuMs: number;
    };

type Run = (...traces: string[]) => string | undefined;

/** Start-up of an isolate is Assay's own code: a limit only against a machine that stands still. */
const START_MS = 10_000;
const TIMED_OUT = 'Script execution timed out.';

/** One isolate with one scorer version in it. */
export class ScorerIsolate {
  readonly #isolate: Isolate;
  readonly #run: Reference<Run>;
  readonly #take: Reference<() => string>;

  constructor(code: string, { ivm, modules, memoryMb, onCatastrophe }: IsolateOptions) {
    this.#isolate = new ivm.Isolate({
      memoryLimit: memoryMb,
      onCatastrophicError: onCatastrophe,
    });
    try {
      const context = this.#isolate.createContextSync();
      const entry = evaluate(this.#isolate, context, modules);
      const load = exported<(code: string) => void>(entry, 'load');
      this.#run = exported<Run>(entry, 'run');
      this.#take = exported<() => string>(entry, 'take');
      load.applySync(undefined, [code], { timeout: START_MS });
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Runs the scorer once for each trace. After a failure the isolate is not to be used again. */
  async run(traces: readonly string[], timeoutMs: number): Promise<RunResult> {
    const isolate = this.#isolate;
    const before = isolate.cpuTime;
    try {
      const limit = { timeout: timeoutMs };
      // Promises settle before the first call is over, or never: nothing inside can be waited for.
      const lines =
        (await this.#run.apply(undefined, [...traces], limit)) ??
        (await this.#take.apply(undefined, [], limit));
      return { ok: true, results: String(lines).split('\n') };
    } catch (error) {
      const cpuMs = isolate.isDisposed ? 0 : Number(isolate.cpuTime - before) / 1e6;
      return { ok: false, ...toFailure(error, isolate.isDisposed), cpuMs };
    }
  }

  dispose(): void {
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}

/** What the entry exports is what isolate/call-scorer.ts says; the library does not know. */
function exported<T>(entry: Module, name: string): Reference<T> {
  return entry.namespace.getSync(name, { reference: true }) as Reference<T>;
}

function evaluate(isolate: Isolate, context: Context, modules: readonly InnerModule[]): Module {
  const compiled = new Map(
    modules.map(({ id, code }) => [id, isolate.compileModuleSync(code, { filename: id })]),
  );
  const importsOf = new Map<Module | undefined, InnerModule['imports']>(
    modules.map(({ id, imports }) => [compiled.get(id), imports]),
  );
  const entry = compiled.get(modules.at(-1)?.id ?? '');
  if (entry === undefined) throw new Error('the sandbox was started without modules');
  entry.instantiateSync(context, (specifier, referrer) => {
    const found = compiled.get(importsOf.get(referrer)?.[specifier] ?? '');
    if (found === undefined) throw new Error(`no module ${specifier} in the sandbox`);
    return found;
  });
  entry.evaluateSync({ timeout: START_MS });
  return entry;
}

function toFailure(
  error: unknown,
  isDisposed: boolean,
): { readonly code: LimitCode | 'SCORER_ERROR'; readonly message: string } {
  if (isDisposed)
    return { code: 'SCORER_MEMORY', message: 'the scorer used more memory than allowed' };
  const message = error instanceof Error ? error.message : String(error);
  // The library has no code for it.
  if (message === TIMED_OUT) return { code: 'SCORER_TIMEOUT', message };
  return { code: 'SCORER_ERROR', message };
}
