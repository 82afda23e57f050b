export interface SandboxOptions {
  /** Processor time of one call, unless its scorer says otherwise; 100 ms. */
  readonly cpuMs?: number;
  /** Of one call on a machine so busy that the scorer does not get its processor time; 1,000 ms. */
  readonly wallMs?: number;
  /** Of one isolate; 64 MiB. */
  readonly isolateMemoryMb?: number;
  /** Resident memory of the process, at which it is killed; 512 MiB. */
  readonly maxRssBytes?: number;
  /** Isolates kept at once, a few MiB each; 32. */
  readonly maxIsolates?: number;
  /** Isolates that run at once, each on a thread of its own; 2. */
  readonly lanes?: number;
}

export type SandboxSettings = Required<SandboxOptions>;

export function toSandboxSettings(options: SandboxOptions): SandboxSettings {
  return {
    cpuMs: 100,
    wallMs: 1000,
    isolateMemoryMb: 64,
    maxRssBytes: 512 * 1024 ** 2,
    maxIsolates: 32,
    lanes: 2,
    ...options,
  };
}
