import { spawnSync } from 'node:child_process';

/** All static checks, each with its own output; goes on after a failure, so that one run shows everything. */
const CHECKS = ['check:format', 'check:types', 'check:lint', 'check:unused'];

const failed = CHECKS.filter((check) => {
  process.stdout.write(`\n> ${check}\n`);
  return (
    spawnSync('npm', ['run', '--silent', check], { stdio: 'inherit', shell: onWindows() })
      .status !== 0
  );
});
process.stdout.write(
  failed.length === 0 ? '\nAll checks pass.\n' : `\nFailed: ${failed.join(', ')}\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** npm is a script there. */
function onWindows(): boolean {
  return process.platform === 'win32';
}
