import type { IsolatedVm } from './load-isolated-vm.ts';
import type {
  CallOutcome,
  ChildLimits,
  FromChild,
  InnerModule,
  LimitCode,
  ScorerLoad,
} from './protocol.ts';
import { type RunResult, ScorerIsolate } from './scorer-isolate.ts';

export interface LanesOptions {
  readonly ivm: IsolatedVm;
  readonly modules: readonly InnerModule[];
  readonly limits: ChildLimits;
  readonly send: (message: FromChild) => void;
  /** The process is beyond help. */
  readonly fail: (code: LimitCode, message: string) => void;
}

interface Call {
  readonly id: number;
  readonly trace: string;
}

/** A scorer version with its calls that wait. */
interface Work {
  readonly scorer: ScorerLoad;
  waiting: Call[];
  /** Whether it stands in the queue or is on a lane. */
  scheduled: boolean;
  /** Calls per run: 1 after a failure, doubled by each success. */
  batch: number;
  isolate: ScorerIsolate | undefined;
}

const MAX_BATCH = 32;
/** How long after its time limit a run may take to come back. */
const STUCK_MS = 1000;
/** A run that timed out with less than this part of its time on a processor was starved, not slow. */
const BUSY_SHARE = 0.8;

/**
 * Runs calls: scorers take turns, a few at once, so that a slow one does not keep the others waiting. Several
 * calls of one scorer go in one run. When a run fails, its isolate is thrown away, and the calls of the run
 * are repeated one by one, so that only the one at fault gets the error.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #works = new Map<number, Work>();
  readonly #queue: Work[] = [];
  /** Works with an isolate; the one used longest ago first. */
  readonly #loaded = new Set<Work>();
  #running = 0;
  #runningSuspects = 0;

  constructor(options: LanesOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#running > 0;
  }

  load(scorer: ScorerLoad): void {
    const work = { scorer, waiting: [], scheduled: false, batch: MAX_BATCH, isolate: undefined };
    this.#works.set(scorer.key, work);
  }

  call(id: number, key: number, trace: string): void {
    const work = this.#works.get(key);
    if (work === undefined) return;
    work.waiting.push({ id, trace });
    this.#schedule(work);
  }

  #schedule(work: Work): void {
    if (work.scheduled || work.waiting.length === 0) return;
    work.scheduled = true;
    this.#queue.push(work);
    // One turn later, so that all calls that came together go together.
    setImmediate(() => this.#pump());
  }

  #pump(): void {
    while (this.#running < this.#options.limits.lanes) {
      const work = this.#takeNext();
      if (work === undefined) return;
      const isSuspect = isSuspicious(work);
      this.#running += 1;
      if (isSuspect) this.#runningSuspects += 1;
      void this.#turn(work).finally(() => {
        this.#running -= 1;
        if (isSuspect) this.#runningSuspects -= 1;
        work.scheduled = false;
        this.#schedule(work);
        this.#pump();
      });
    }
  }

  /** One lane is kept for scorers that have not just failed, where there are several. */
  #takeNext(): Work | undefined {
    const hasRoom = this.#runningSuspects < Math.max(1, this.#options.limits.lanes - 1);
    const index = this.#queue.findIndex((work) => hasRoom || !isSuspicious(work));
    return index < 0 ? undefined : this.#queue.splice(index, 1)[0];
  }

  async #turn(work: Work): Promise<void> {
    const calls = work.waiting.splice(0, work.batch);
    const outcomes = await this.#runCalls(work, calls);
    if (outcomes === undefined) {
      work.batch = 1;
      work.waiting.unshift(...calls);
      return;
    }
    this.#options.send({ kind: 'outcomes', outcomes });
  }

  /** undefined: the calls have to be repeated one by one. */
  async #runCalls(work: Work, calls: readonly Call[]): Promise<readonly CallOutcome[] | undefined> {
    const { cpuMs, wallMs } = work.scorer;
    let result = await this.#run(work, calls, cpuMs);
    if (!result.ok && calls.length > 1) return undefined;
    if (!result.ok && result.code === 'SCORER_TIMEOUT' && result.cpuMs < cpuMs * BUSY_SHARE) {
      result = await this.#run(work, calls, wallMs);
    }
    if (result.ok) {
      const { results } = result;
      work.batch = Math.min(work.batch * 2, MAX_BATCH);
      return calls.map(({ id }, index) => ({ id, result: results[index] ?? '' }));
    }
    work.batch = 1;
    const { code } = result;
    const message =
      code === 'SCORER_TIMEOUT' ? describeTimeout(result, work.scorer) : result.message;
    return calls.map(({ id }) => ({ id, code, message }));
  }

  async #run(work: Work, calls: readonly Call[], timeoutMs: number): Promise<RunResult> {
    const { fail } = this.#options;
    const stuck = setTimeout(() => {
      fail('SCORER_TIMEOUT', `the scorer could not be stopped after ${timeoutMs} ms`);
    }, timeoutMs + STUCK_MS);
    try {
      const isolate = this.#isolateOf(work);
      const result = await isolate.run(
        calls.map(({ trace }) => trace),
        timeoutMs,
      );
      // What a run that was broken off left to do must not run in the next one.
      if (!result.ok) this.#drop(work);
      return result;
    } catch (error) {
      this.#drop(work);
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, code: 'SCORER_ERROR', message, cpuMs: 0 };
    } finally {
      clearTimeout(stuck);
    }
  }

  #isolateOf(work: Work): ScorerIsolate {
    const { ivm, modules, limits, fail } = this.#options;
    work.isolate ??= new ScorerIsolate(work.scorer.code, {
      ivm,
      modules,
      memoryMb: limits.isolateMemoryMb,
      onCatastrophe: () => fail('SCORER_MEMORY', 'the scorer used more memory than allowed'),
    });
    this.#loaded.delete(work);
    this.#loaded.add(work);
    for (const oldest of this.#loaded) {
      if (this.#loaded.size <= limits.maxIsolates) break;
      if (!oldest.scheduled) this.#drop(oldest);
    }
    return work.isolate;
  }

  #drop(work: Work): void {
    work.isolate?.dispose();
    work.isolate = undefined;
    this.#loaded.delete(work);
  }
}

/** Its last run failed. */
function isSuspicious({ batch }: Work): boolean {
  return batch === 1;
}

function describeTimeout({ cpuMs }: { readonly cpuMs: number }, limits: ScorerLoad): string {
  return cpuMs < limits.cpuMs * BUSY_SHARE
    ? `the scorer did not end within ${limits.wallMs} ms; the machine is busy`
    : `the scorer did not end within ${limits.cpuMs} ms of processor time`;
}
