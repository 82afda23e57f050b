import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * `npm test`: the static checks and every test, the fault tests last, then one closing line of what Vitest's own
 * report counted. Arguments are passed on to Vitest.
 */
interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'assay-test-'));
const reportFile = join(folder, 'report.json');
const checks = run('npm', ['run', '--silent', 'check']);
const tests = run('npx', [
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${reportFile}`,
  ...process.argv.slice(2),
]);
const report = readReport();
if (report === undefined) {
  process.stdout.write('\nVitest ended without a report.\n');
} else {
  const skipped = report.numPendingTests + report.numTodoTests;
  if (!checks) process.stdout.write('\nStatic checks failed: see above.\n');
  process.stdout.write(
    `\n${report.numPassedTests} passed, ${report.numFailedTests} failed, ${skipped} skipped\n`,
  );
}
process.exitCode = checks && tests && report?.success === true ? 0 : 1;

function run(command: string, args: readonly string[]): boolean {
  const shell = process.platform === 'win32';
  return spawnSync(command, args, { stdio: 'inherit', shell }).status === 0;
}

function readReport(): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(reportFile, 'utf8')) as VitestReport;
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
