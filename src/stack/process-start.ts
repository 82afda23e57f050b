import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When a process started, in the spelling of the system. Pid and start together name one process for good,
 * since a pid is given again later. null when no such process runs; one that has ended but was not yet
 * waited for by its parent does not run.
 */
export function processStart(pid: number): string | null {
  try {
    if (process.platform === 'linux') return startOnLinux(pid);
    if (process.platform === 'win32') return startOnWindows(pid);
    return startByPs(pid);
  } catch {
    return null;
  }
}

/** The start is counted in ticks since boot, so the boot belongs to it. proc_pid_stat(5), field 22. */
function startOnLinux(pid: number): string | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name of the program stands in parentheses and may hold anything; the state follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields[0], fields[19]];
  if (state === undefined || ticks === undefined || 'ZX'.includes(state)) return null;
  return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${ticks}`;
}

function startByPs(pid: number): string | null {
  const line = execFileSync('/bin/ps', ['-p', String(pid), '-o', 'stat=', '-o', 'lstart='], {
    encoding: 'utf8',
    env: { LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  const [state, ...start] = line.split(/\s+/);
  return state === undefined || state.startsWith('Z') ? null : start.join(' ');
}

function startOnWindows(pid: number): string | null {
  const command = `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`;
  const line = execFileSync('powershell.exe', ['-NoProfile', '-Command', command], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    windowsHide: true,
  }).trim();
  return line === '' ? null : line;
}
