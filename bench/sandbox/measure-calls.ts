import { readFileSync } from 'node:fs';
import { scorerArguments, type ScorerArguments, type Trace } from '@assay/sdk';
import { createCodeRuntime } from '../../src/adapters/sandbox/create-code-runtime.ts';
import { createSandbox } from '../../src/adapters/sandbox/create-sandbox.ts';
import type { LoadedScorer } from '../../src/ports/scorer-runtime.ts';
import { decoded } from '../micro/decoded.ts';

export interface CallRate {
  readonly name: string;
  /** By the clock. */
  readonly perSecond: number;
  /** Processor time of a call in this process, in microseconds. */
  readonly serviceMicros: number;
  /** The same in the sandbox's process; null where there is none, or where the system does not tell. */
  readonly sandboxMicros: number | null;
}

const CALLS = 20_000;
/** Calls that wait at once, as in a busy service. */
const CONCURRENCY = 256;
const ROUNDS = 4;
/** What /proc counts processor time in. */
const TICK_MICROS = 10_000;

/** A small scorer: looks at each span, and at the outputs. */
function small({ outputs, trace }: ScorerArguments): boolean {
  let searches = 0;
  for (const { name } of trace?.data.spans ?? []) if (/search|retrieve/.test(name)) searches += 1;
  return searches > 0 || String(outputs).length > 20;
}

const SOURCE = `({ outputs, trace }) => {
  let searches = 0;
  for (const { name } of trace.data.spans) if (/search|retrieve/.test(name)) searches += 1;
  return searches > 0 || String(outputs).length > 20;
}`;

/** The last of several rounds of each: the sandbox's code takes a while to be compiled well. */
export async function measureCalls(lines: readonly string[]): Promise<readonly CallRate[]> {
  const { signal } = new AbortController();
  const direct: LoadedScorer = {
    score: async ({ trace }) => small(scorerArguments(trace, signal)),
  };
  const sandbox = createSandbox();
  try {
    const runtime = createCodeRuntime({ sandbox });
    const load = (): LoadedScorer => {
      const loaded = runtime.load({ kind: 'code', source: SOURCE });
      if (loaded === undefined) throw new Error('the scorer of the benchmark is refused');
      return loaded;
    };
    const five = Array.from({ length: 5 }, load);
    return [
      await measure('in this process', [direct], { lines, pid: () => undefined }),
      await measure('sandboxed, one scorer for each trace', [load()], {
        lines,
        pid: () => sandbox.pid,
      }),
      await measure('sandboxed, five scorers for each trace', five, {
        lines,
        pid: () => sandbox.pid,
      }),
    ];
  } finally {
    await sandbox.close();
  }
}

async function measure(
  name: string,
  scorers: readonly LoadedScorer[],
  { lines, pid }: { readonly lines: readonly string[]; readonly pid: () => number | undefined },
): Promise<CallRate> {
  let rate: CallRate | undefined;
  for (let round = 0; round < ROUNDS; round += 1) {
    // Traces of its own for each round: their text has not been made yet.
    const traces = Array.from({ length: CALLS / scorers.length }, (_, index) =>
      decoded(lines[index % lines.length] ?? ''),
    );
    const before = sandboxTicks(pid());
    const startedAt = performance.now();
    const used = process.cpuUsage();
    await scoreAll(traces, scorers);
    const seconds = (performance.now() - startedAt) / 1000;
    const { user, system } = process.cpuUsage(used);
    const after = sandboxTicks(pid());
    rate = {
      name,
      perSecond: CALLS / seconds,
      serviceMicros: (user + system) / CALLS,
      sandboxMicros:
        before === null || after === null ? null : ((after - before) * TICK_MICROS) / CALLS,
    };
  }
  if (rate === undefined) throw new Error('nothing was measured');
  return rate;
}

async function scoreAll(traces: readonly Trace[], scorers: readonly LoadedScorer[]): Promise<void> {
  const { signal } = new AbortController();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let trace = traces[next++]; trace !== undefined; trace = traces[next++]) {
      const call = { trace, signal };
      await Promise.all(scorers.map((scorer) => scorer.score(call)));
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY / scorers.length }, work));
}

/** Processor time of the process since its start; null where it cannot be told. */
function sandboxTicks(pid: number | undefined): number | null {
  if (pid === undefined || process.platform !== 'linux') return null;
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
  return Number(fields[13]) + Number(fields[14]);
}
