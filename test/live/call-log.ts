import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Call {
  readonly pid: number;
  readonly scorer: string;
  readonly traceId: string;
  /** When it began. */
  readonly atMs: number;
}

/** The file in which `logged-scorers.ts` write down their calls. */
export interface CallLog extends Disposable {
  readonly file: string;
  read(): readonly Call[];
}

export function openCallLog(): CallLog {
  const folder = mkdtempSync(join(tmpdir(), 'assay-calls-'));
  const file = join(folder, 'calls.log');
  return {
    file,
    read() {
      const lines = readFileSync(file, { encoding: 'utf8', flag: 'a+' })
        .split('\n')
        .filter((line) => line !== '');
      return lines.map((line) => {
        const [pid = '', scorer = '', traceId = '', atMs = ''] = line.split(' ');
        return { pid: Number(pid), scorer, traceId, atMs: Number(atMs) };
      });
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
