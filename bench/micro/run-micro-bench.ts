import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { measureDecode } from './measure-decode.ts';
import { measureEvaluate } from './measure-evaluate.ts';
import { measureFilters } from './measure-filters.ts';
import { measureSelection } from './measure-selection.ts';

/**
 * How often a second this machine decides on traces, on one core: `npm run bench:micro`. Prints a table;
 * nothing is judged, because a shared machine is slow whenever others are busy.
 */
const lines = readFileSync(new URL('../../examples/traces/demo.jsonl', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '');

const cores = cpus();
print(`Node ${process.version}, one of ${cores.length} cores: ${cores[0]?.model ?? 'unknown'}`);
print(`${'a second'.padStart(12)}  ${'slowest…fastest round'.padStart(23)}`);
for (const { name, perSecond, slowest, fastest } of [
  ...measureDecode(lines),
  ...measureFilters(lines),
  ...measureSelection(lines),
  ...(await measureEvaluate(lines)),
]) {
  const range = `${format(slowest)}…${format(fastest)}`;
  print(`${format(perSecond).padStart(12)}  ${range.padStart(23)}  ${name}`);
}

function format(rate: number): string {
  return Math.round(rate).toLocaleString('en');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
