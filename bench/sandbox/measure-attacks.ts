import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createCodeRuntime } from '../../src/adapters/sandbox/create-code-runtime.ts';
import { createSandbox } from '../../src/adapters/sandbox/create-sandbox.ts';
import { BOMBS } from '../../test/adapters/sandbox/attacks.ts';
import { decoded } from '../micro/decoded.ts';

export interface UnderAttack {
  readonly seconds: number;
  readonly attacks: number;
  readonly goodCalls: number;
  readonly wrong: number;
  /** Of this process's event loop, in milliseconds. */
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  /** By how much this process's resident memory grew, in MiB. */
  readonly rssGrowthMb: number;
}

const MIB = 1024 ** 2;
const DURATION_MS = 20_000;
const GOOD_WORKERS = 8;

/** Bombs one after another beside good scorers. */
export async function measureAttacks(lines: readonly string[]): Promise<UnderAttack> {
  const sandbox = createSandbox();
  try {
    const runtime = createCodeRuntime({ sandbox });
    const good = runtime.load({ kind: 'code', source: '({ trace }) => trace.data.spans.length' });
    if (good === undefined) throw new Error('the scorer of the benchmark is refused');
    const traces = lines.map(decoded);
    const { signal } = new AbortController();
    const [first] = traces;
    if (first === undefined) throw new Error('there are no traces');
    await good.score({ trace: first, signal });
    const bombs = BOMBS.map(({ body }) => sandbox.add({ body }));
    const rssBefore = process.memoryUsage.rss();
    const startedAt = performance.now();
    const counts = { attacks: 0, goodCalls: 0, wrong: 0 };
    const isOver = (): boolean => performance.now() - startedAt > DURATION_MS;
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const attack = async (): Promise<void> => {
      while (!isOver()) {
        const bomb = bombs[counts.attacks++ % bombs.length];
        await bomb?.call(first).catch(() => undefined);
      }
    };
    const work = async (): Promise<void> => {
      while (!isOver()) {
        const trace = traces[counts.goodCalls++ % traces.length] ?? first;
        const [feedback] = (await good.score({ trace, signal })) as { readonly value: unknown }[];
        if (feedback?.value !== trace.data.spans.length) counts.wrong += 1;
      }
    };
    await Promise.all([attack(), ...Array.from({ length: GOOD_WORKERS }, work)]);
    delay.disable();
    return {
      ...counts,
      seconds: (performance.now() - startedAt) / 1000,
      delayP99Ms: delay.percentile(99) / 1e6,
      delayMaxMs: delay.max / 1e6,
      rssGrowthMb: (process.memoryUsage.rss() - rssBefore) / MIB,
    };
  } finally {
    await sandbox.close();
  }
}
