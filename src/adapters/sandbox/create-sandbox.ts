import type { Trace } from '@assay/sdk';
import type { CallOutcome, FromChild, InnerModule, ScorerLoad, ToChild } from './child/protocol.ts';
import { readInnerModules } from './read-inner-modules.ts';
import { SandboxError } from './sandbox-error.ts';
import { type SandboxOptions, toSandboxSettings } from './sandbox-options.ts';
import { type ProcessEnd, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';
import { traceText } from './trace-text.ts';

/** A scorer version as the sandbox runs it. */
export interface SandboxedCode {
  /** Statements that return a function or a scorer. */
  readonly body: string;
  /** Processor time of one call; the sandbox's own where absent. */
  readonly cpuMs?: number;
}

export interface SandboxedScorer {
  /**
   * What one call comes to, as InnerResult in JSON. Rejects with a SandboxError; with the reason of the
   * signal, if the call has not begun by then.
   */
  call(trace: Trace, signal?: AbortSignal): Promise<string>;
}

export interface Sandbox {
  add(code: SandboxedCode): SandboxedScorer;
  /** Of the process; undefined while there is none. */
  readonly pid: number | undefined;
  /** Ends the process. Calls that are under way, and later ones, reject. */
  close(): Promise<void>;
}

interface Call {
  readonly id: number;
  readonly scorer: ScorerLoad;
  readonly trace: Trace;
  readonly text: string;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (result: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The states of the process:
 *
 *   none ─► starting ─► running ─┬─► none   nobody calls, or killed; the next call starts another one
 *                                └─► closed
 *
 * After an end, the calls that were under way are suspects: one of them may have brought the process down.
 * They are repeated one at a time, before anything else, so that the one at fault is alone when it does it again.
 */
type ProcessState =
  | { readonly state: 'none' | 'starting' | 'closed' }
  | { readonly state: 'running'; readonly process: SandboxProcess; readonly known: Set<number> };

/** What the process has at once; the rest waits here. */
const MAX_CALLS = 256;
const MAX_CHARACTERS = 16 * 1024 ** 2;
/** Starts in a row without an answer, after which the calls that wait are given up. */
const MAX_FUTILE_STARTS = 3;

/** A sandbox for code scorers: one process, started at the first call. */
export function createSandbox(options: SandboxOptions = {}): Sandbox {
  return new ProcessSandbox(options);
}

class ProcessSandbox implements Sandbox {
  readonly #settings: ReturnType<typeof toSandboxSettings>;
  readonly #modules: readonly InnerModule[] = readInnerModules();
  #process: ProcessState = { state: 'none' };
  #starting: Promise<void> | undefined;
  #waiting: Call[] = [];
  #suspects: Call[] = [];
  readonly #underWay = new Map<number, Call>();
  #characters = 0;
  #lastId = 0;
  #lastKey = 0;
  #futileStarts = 0;
  /** The process has said that it can run scorers. */
  #isReady = false;
  #scheduled = false;

  constructor(options: SandboxOptions) {
    this.#settings = toSandboxSettings(options);
  }

  get pid(): number | undefined {
    return this.#process.state === 'running' ? this.#process.process.pid : undefined;
  }

  add({ body, cpuMs = this.#settings.cpuMs }: SandboxedCode): SandboxedScorer {
    this.#lastKey += 1;
    const wallMs = Math.max(this.#settings.wallMs, cpuMs);
    const scorer = { key: this.#lastKey, code: body, cpuMs, wallMs };
    return { call: (trace, signal) => this.#call(scorer, trace, signal) };
  }

  async close(): Promise<void> {
    const before = this.#process;
    this.#process = { state: 'closed' };
    this.#giveUp(new SandboxError('SANDBOX_UNAVAILABLE', 'the sandbox is closed'));
    if (before.state === 'running') await before.process.kill();
    await this.#starting;
  }

  #call(scorer: ScorerLoad, trace: Trace, signal: AbortSignal | undefined): Promise<string> {
    return new Promise((resolve, reject) => {
      if (this.#process.state === 'closed') {
        reject(new SandboxError('SANDBOX_UNAVAILABLE', 'the sandbox is closed'));
        return;
      }
      this.#lastId += 1;
      const call = { id: this.#lastId, scorer, trace, text: traceText(trace), signal };
      this.#waiting.push({ ...call, resolve, reject });
      this.#schedule();
    });
  }

  /** One turn later, so that all calls made in the same turn go together. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#waiting.length + this.#suspects.length === 0) return;
    if (this.#process.state === 'none') this.#start();
    if (this.#process.state !== 'running') return;
    const { process, known } = this.#process;
    const calls = this.#nextCalls();
    if (calls.length > 0) process.send(toFrames(calls, known));
  }

  #nextCalls(): readonly Call[] {
    const next: Call[] = [];
    const source = this.#suspects.length > 0 ? this.#suspects : this.#waiting;
    const isSolo = source === this.#suspects;
    let taken = 0;
    for (const call of source) {
      const isFull = this.#underWay.size >= MAX_CALLS || this.#characters >= MAX_CHARACTERS;
      if (isSolo ? this.#underWay.size > 0 : isFull) break;
      taken += 1;
      if (call.signal?.aborted === true) {
        call.reject(toError(call.signal.reason));
        continue;
      }
      this.#underWay.set(call.id, call);
      this.#characters += call.text.length;
      next.push(call);
    }
    source.splice(0, taken);
    return next;
  }

  #start(): void {
    this.#process = { state: 'starting' };
    this.#isReady = false;
    this.#starting = startSandboxProcess(this.#settings, this.#modules, {
      onMessage: (message) => this.#handle(message),
      onEnd: (end) => this.#handleEnd(end),
      isBusy: () => this.#underWay.size > 0,
    }).then(
      async (process) => {
        if (this.#process.state === 'closed') return process.kill();
        if (this.#process.state !== 'starting') return;
        this.#process = { state: 'running', process, known: new Set() };
        this.#pump();
      },
      (error: unknown) =>
        this.#handleEnd({ code: 'SCORER_CRASHED', message: toError(error).message }),
    );
  }

  #handle(message: FromChild): void {
    if (message.kind === 'ready') this.#isReady = true;
    if (message.kind !== 'outcomes') return;
    this.#futileStarts = 0;
    for (const outcome of message.outcomes) this.#settle(outcome);
    this.#pump();
  }

  #settle(outcome: CallOutcome): void {
    const call = this.#remove(outcome.id);
    if (call === undefined) return;
    if ('result' in outcome) call.resolve(String(outcome.result));
    else call.reject(new SandboxError(outcome.code, String(outcome.message)));
  }

  #remove(id: number): Call | undefined {
    const call = this.#underWay.get(id);
    if (call === undefined) return undefined;
    this.#underWay.delete(id);
    this.#characters -= call.text.length;
    return call;
  }

  #handleEnd({ code, message }: ProcessEnd): void {
    if (this.#process.state === 'closed') return;
    this.#process = { state: 'none' };
    const calls = [...this.#underWay.values()];
    this.#underWay.clear();
    this.#characters = 0;
    const [only, ...others] = calls;
    // No scorer is to blame for a process that ends before it can run any.
    if (!this.#isReady) this.#waiting.unshift(...calls);
    else if (only !== undefined && others.length === 0)
      only.reject(new SandboxError(code, message));
    else this.#suspects.push(...calls);
    // It would be started for ever.
    this.#futileStarts = this.#isReady && calls.length > 0 ? 0 : this.#futileStarts + 1;
    if (this.#futileStarts >= MAX_FUTILE_STARTS) {
      this.#futileStarts = 0;
      this.#giveUp(
        new SandboxError('SANDBOX_UNAVAILABLE', `the sandbox does not start: ${message}`),
      );
    }
    this.#pump();
  }

  #giveUp(error: Error): void {
    const calls = [...this.#underWay.values(), ...this.#suspects, ...this.#waiting];
    this.#underWay.clear();
    this.#characters = 0;
    this.#suspects = [];
    this.#waiting = [];
    for (const { reject } of calls) reject(error);
  }
}

/** Scorers that the process does not know yet, then the calls, with each trace once for all its scorers. */
function toFrames(
  calls: readonly Call[],
  known: Set<number>,
): readonly { readonly head: ToChild; readonly body?: string }[] {
  const frames: { readonly head: ToChild; readonly body?: string }[] = [];
  const byText = new Map<string, [number, number][]>();
  for (const { id, scorer, text } of calls) {
    if (!known.has(scorer.key)) frames.push({ head: { kind: 'scorer', scorer } });
    known.add(scorer.key);
    const others = byText.get(text);
    if (others === undefined) byText.set(text, [[id, scorer.key]]);
    else others.push([id, scorer.key]);
  }
  for (const [text, same] of byText)
    frames.push({ head: { kind: 'calls', calls: same }, body: text });
  return frames;
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
