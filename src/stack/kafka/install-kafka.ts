import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Run } from '../open-run.ts';
import { runTool, type ToolOptions } from '../run-tool.ts';
import { newUuid } from './format-log-dir.ts';
import { brokerProperties } from './broker-properties.ts';
import { type Installation, installationAt, isComplete, markComplete } from './installation.ts';
import { COPY_DEPENDENCIES, KAFKA_POM, KAFKA_VERSION } from './kafka-pom.ts';
import { toProperties } from './to-properties.ts';

/** Maven explains at length. */
const MAX_REASON_CHARS = 300;
const QUIET = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';

export interface InstallOptions {
  /** Kept between runs. */
  readonly stateDir: string;
  readonly run: Run;
  readonly signal: AbortSignal;
  readonly onStep: (text: string) => void;
}

export type Installed =
  | { readonly kind: 'installed'; readonly installation: Installation }
  | { readonly kind: 'missing'; readonly reason: string };

/**
 * Apache Kafka out of Maven's artifacts, fetched once. It is put together in a folder of the run and moved
 * to its place when it is whole, so that two starts at the same time do not meet; a damaged one is replaced.
 */
export async function installKafka(options: InstallOptions): Promise<Installed> {
  const { stateDir, run, onStep } = options;
  const place = installationAt(join(stateDir, `kafka-${KAFKA_VERSION}`));
  if (isComplete(place)) return installedAt(place);

  onStep(`Kafka: fetching Apache Kafka ${KAFKA_VERSION} with Maven (45 MB, only this once)`);
  const draft = installationAt(run.addFolder(place.folder));
  const problem = (await fetchJars(draft, options)) ?? (await makeCheckpoint(draft, options));
  if (problem !== undefined) return { kind: 'missing', reason: problem };
  markComplete(draft);
  moveTo(place, draft);
  return installedAt(place);
}

/** By its real path, since the class archive holds only for the class path it was made with. */
function installedAt({ folder }: Installation): Installed {
  return { kind: 'installed', installation: installationAt(realpathSync(folder)) };
}

/** Returns what went wrong. */
async function fetchJars(
  { folder, pom }: Installation,
  { signal }: InstallOptions,
): Promise<string | undefined> {
  writeFileSync(pom, KAFKA_POM);
  // On Windows mvn is a script, which only the shell can run; no argument needs quotes.
  const options: ToolOptions = { cwd: folder, signal, shell: process.platform === 'win32' };
  const result = await runTool(
    'mvn',
    ['-q', '-B', '-Dstyle.color=never', COPY_DEPENDENCIES],
    options,
  );
  if (result.kind === 'missing') return 'there is no Maven (mvn) on the PATH';
  if (result.code === 0) return undefined;
  return `Maven could not fetch Apache Kafka ${KAFKA_VERSION}: ${firstError(result.output)}`;
}

function firstError(output: string): string {
  const error = output.split('\n').find((line) => line.includes('ERROR')) ?? output;
  const text = error.replace(/^.*?ERROR\]?/, '').trim();
  return text.length > MAX_REASON_CHARS ? `${text.slice(0, MAX_REASON_CHARS)}…` : text;
}

/** Runs Kafka's own tool once and keeps the file, since a further JVM at each start costs over a second. */
async function makeCheckpoint(
  installation: Installation,
  { signal }: InstallOptions,
): Promise<string | undefined> {
  const scratch = join(installation.folder, 'format');
  mkdirSync(scratch);
  const node = { nodeId: 1, clientPort: 9092, controllerPort: 9093 };
  const host = '127.0.0.1';
  const logDir = join(scratch, 'log');
  const config = join(scratch, 'server.properties');
  const settings = { node, cluster: [node], logDir, bindAddress: host, host };
  writeFileSync(config, toProperties(brokerProperties(settings)));
  const tool = [QUIET, '-cp', installation.classPath, 'kafka.tools.StorageTool'];
  const args = [...tool, 'format', '-t', newUuid(), '-c', config];
  const result = await runTool('java', args, { signal });
  const made = join(logDir, 'bootstrap.checkpoint');
  if (result.kind === 'missing' || !existsSync(made)) {
    const reason = result.kind === 'missing' ? result.reason : result.output;
    return `Kafka's storage tool failed: ${reason.split('\n').at(-1)}`;
  }
  await copyFile(made, installation.checkpoint);
  rmSync(scratch, { recursive: true });
  return undefined;
}

function moveTo(place: Installation, draft: Installation): void {
  // Another start may have come first; what it has put there is as good.
  if (isComplete(place)) return;
  rmSync(place.folder, { recursive: true, force: true });
  try {
    renameSync(draft.folder, place.folder);
  } catch (error) {
    if (!isComplete(place)) throw error;
  }
}
