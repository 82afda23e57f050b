import type { SettingKey } from '../config/config-schema.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { BrokerConfig } from '../config/require-settings.ts';
import type { Broker } from '../ports/broker.ts';

/** Standard output or standard error. */
export interface Output {
  readonly isTerminal: boolean;
  /** Width of the terminal; endless where there is none. */
  readonly columns: number;
  /** Resolves when the text is on its way, so that a slow reader slows the command down. Never rejects. */
  readonly write: (text: string) => Promise<void>;
}

/** What the command line says about the configuration. */
export interface ConfigFlags {
  readonly settings: Readonly<Partial<Record<SettingKey, string>>>;
  /** `--config FILE` */
  readonly configFile?: string;
}

/** Everything of the outside that commands use, so that tests can run them without a process. */
export interface CliContext {
  /** Version of Assay. */
  readonly version: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Aborted, with an Interruption as its reason, on Ctrl-C, on SIGTERM and when nobody reads the output any more. */
  readonly signal: AbortSignal;
  /** Whether errors are shown with their stack. */
  readonly debug: boolean;
  /** Who asks for changes: `user@host`. */
  readonly author: string;
  readonly loadConfig: (flags: ConfigFlags) => LoadedConfig;
  readonly createBroker: (config: BrokerConfig) => Promise<Broker>;
  /** The bytes of a file, in pieces; `-` is standard input. Throws BAD_REQUEST when it cannot be read. */
  readonly openFile: (path: string) => AsyncIterable<Uint8Array>;
  /** Calls back after each save of a file, until the returned function is called. Throws BAD_REQUEST when there is none. */
  readonly watchFile: (path: string, onSave: () => void) => () => void;
}
