import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { measureAttacks } from './measure-attacks.ts';
import { measureCalls } from './measure-calls.ts';

/**
 * How often a second the sandbox calls a small scorer on traces of 4 kB, beside the same scorer in this
 * process, and what hostile scorers do to the service: `npm run bench:sandbox`. Prints tables; nothing is
 * judged, because a shared machine is slow whenever others are busy.
 */
const lines = readFileSync(new URL('../../examples/traces/demo.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter(({ length }) => length > 3000 && length < 5500);
const mean = lines.reduce((sum, { length }) => sum + length, 0) / lines.length / 1000;

const cores = cpus();
print(`Node ${process.version}, ${cores.length} cores: ${cores[0]?.model ?? 'unknown'}`);
print(`A small scorer over traces of ${mean.toFixed(1)} kB in the mean`);
print(row(['calls/s', 'µs here', 'µs sandbox', 'per core of sandbox']));
const rates = await measureCalls(lines);
for (const { name, perSecond, serviceMicros, sandboxMicros } of rates) {
  const perCore = sandboxMicros === null ? '' : whole(1e6 / sandboxMicros);
  const sandbox = sandboxMicros === null ? '' : sandboxMicros.toFixed(1);
  print(`${row([whole(perSecond), serviceMicros.toFixed(1), sandbox, perCore])}  ${name}`);
}
const [direct, one] = rates;
if (direct !== undefined && one !== undefined) {
  print(
    `The sandbox makes one call where this process makes ${whole(direct.perSecond / one.perSecond)}.`,
  );
}

const attack = await measureAttacks(lines);
print(`\nBombs one after another for ${attack.seconds.toFixed(0)} s beside good scorers`);
print(
  `${whole(attack.attacks)} bombs, ${whole(attack.goodCalls)} good calls, ${attack.wrong} wrong`,
);
print(
  `event loop of the service: p99 ${attack.delayP99Ms.toFixed(1)} ms, at most ${attack.delayMaxMs.toFixed(1)} ms`,
);
print(`resident memory of the service: +${attack.rssGrowthMb.toFixed(0)} MiB`);

function whole(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}

function row(cells: readonly string[]): string {
  return cells.map((cell) => cell.padStart(12)).join('  ');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
