import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { isTaken, LOOPBACK } from '../free-ports.ts';
import type { Run } from '../open-run.ts';
import { startProcess, type StartedProcess } from '../start-process.ts';
import { waitUntil } from '../wait-until.ts';
import { brokerProperties, type NodePorts } from './broker-properties.ts';
import { formatLogDir } from './format-log-dir.ts';
import type { Installation } from './installation.ts';
import { readMetadata } from './read-metadata.ts';
import { toProperties } from './to-properties.ts';

export interface BrokerOptions {
  readonly installation: Installation;
  readonly run: Run;
  /** Made and formatted if it is not there; a broker goes on with what an earlier one left in it. */
  readonly dataDir: string;
  readonly node: NodePorts;
  /** All nodes, this one too. Each is started by a call of its own, at the same time as the others. */
  readonly cluster: readonly NodePorts[];
  /** See `newUuid`. */
  readonly clusterId: string;
  /** More server properties; see BrokerSettings. */
  readonly overrides?: Readonly<Record<string, string>>;
  /** Options of the JVM instead of SMALL_JVM. */
  readonly javaOptions?: readonly string[];
  readonly stopMs?: number;
  readonly signal: AbortSignal;
}

export interface RunningBroker extends Pick<StartedProcess, 'pid' | 'ended' | 'stop' | 'kill'> {
  /** `host:port` for clients. */
  readonly address: string;
}

/** Enough for demo and tests; for load use more heap and the full JIT. */
export const SMALL_JVM = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
const READY_MS = 60_000;
const STOP_MS = 5_000;

/**
 * Starts one broker and waits until it takes requests. Never two on one data directory. Throws
 * STACK_UNAVAILABLE with the last lines of its log; retryable when somebody else took a port.
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { node, clusterId, signal } = options;
  const broker = await startProcess(processOptions(options));
  const isReady = async (): Promise<boolean> => {
    const metadata = await readMetadata({ host: LOOPBACK, port: node.clientPort });
    // On a port that somebody else took, another cluster answers.
    return metadata?.clusterId === clusterId && metadata.brokers.includes(node.nodeId);
  };
  const waiting = { timeoutMs: READY_MS, signal: AbortSignal.any([signal, broker.ended]) };
  if (!(await waitUntil(isReady, waiting))) {
    const hasEnded = broker.ended.aborted;
    await broker.stop();
    signal.throwIfAborted();
    throw await toStartError(broker, hasEnded, node);
  }
  const { pid, ended, stop, kill } = broker;
  return { pid, ended, stop, kill, address: `${LOOPBACK}:${node.clientPort}` };
}

function processOptions(options: BrokerOptions): Parameters<typeof startProcess>[0] {
  const { installation, run, dataDir, node, cluster, clusterId, overrides } = options;
  const logDir = join(dataDir, 'log');
  mkdirSync(dataDir, { recursive: true });
  formatLogDir(installation, { logDir, nodeId: node.nodeId, clusterId });
  const config = join(dataDir, 'server.properties');
  const settings = {
    node,
    cluster,
    logDir,
    bindAddress: LOOPBACK,
    host: LOOPBACK,
    ...(overrides === undefined ? {} : { overrides }),
  };
  writeFileSync(config, toProperties(brokerProperties(settings)));
  return {
    name: cluster.length === 1 ? 'kafka' : `kafka-${node.nodeId}`,
    command: 'java',
    args: [
      ...(options.javaOptions ?? SMALL_JVM),
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
      '-cp',
      installation.classPath,
      'kafka.Kafka',
      config,
    ],
    run,
    logFile: join(dataDir, 'kafka.log'),
    stopSignal: 'SIGTERM',
    stopMs: options.stopMs ?? STOP_MS,
    endSignal: 'SIGKILL',
  };
}

async function toStartError(
  broker: StartedProcess,
  hasEnded: boolean,
  { clientPort, controllerPort }: NodePorts,
): Promise<AssayError> {
  const what = hasEnded ? 'ended while it started' : `was not ready after ${READY_MS / 1_000} s`;
  const taken = (await isTaken(clientPort)) || (await isTaken(controllerPort));
  const message = `Kafka ${what} (${await broker.lastWords()})`;
  return new AssayError('STACK_UNAVAILABLE', message, { retryable: hasEnded && taken });
}
