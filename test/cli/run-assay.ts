import type { CliContext, Output } from '../../src/cli/cli-context.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { toFileError } from '../../src/cli/open-file.ts';
import type { Broker } from '../../src/ports/broker.ts';

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Texts by file name; `-` is standard input. Read anew each time. */
  readonly files?: Readonly<Record<string, string>>;
  /** Gets what is to be called after each save of a file that is watched. */
  readonly onWatch?: (path: string, onSave: () => void) => () => void;
  readonly broker?: Broker;
  readonly signal?: AbortSignal;
  readonly columns?: number;
  readonly terminal?: boolean;
  /** Hears of everything on standard output as it comes. */
  readonly onOutput?: (text: string) => void;
  /** Hears of everything on standard error. */
  readonly onNote?: (text: string) => void;
}

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line without a process. */
export async function runAssay(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const { env = {}, files = {}, broker, signal = new AbortController().signal } = options;
  const out: string[] = [];
  const err: string[] = [];
  const toOutput = (texts: string[], onText?: (text: string) => void): Output => ({
    isTerminal: options.terminal ?? false,
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    write: async (text) => {
      texts.push(text);
      onText?.(text);
    },
  });
  const context: CliContext = {
    version: '1.2.3',
    stdout: toOutput(out, options.onOutput),
    stderr: toOutput(err, options.onNote),
    signal,
    debug: env['ASSAY_LOG_LEVEL'] === 'debug',
    author: 'ada@desk',
    loadConfig: ({ settings, ...file }) =>
      loadConfig({ argvOverrides: settings, env, readFile: (path) => files[path], ...file }),
    createBroker: async () => {
      if (broker === undefined) throw new Error('this test has no broker');
      return broker;
    },
    openFile: async function* (path) {
      const text = files[path];
      if (text === undefined)
        throw toFileError(path, Object.assign(new Error(), { code: 'ENOENT' }));
      yield new TextEncoder().encode(text);
    },
    watchFile: (path, onSave) => {
      if (options.onWatch === undefined) throw new Error('this test watches no file');
      return options.onWatch(path, onSave);
    },
  };
  const code = await runCli(argv, context);
  return { code, stdout: out.join(''), stderr: err.join('') };
}
