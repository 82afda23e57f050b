import { join } from 'node:path';
import { isAssayError } from '../../core/errors.ts';
import { freePorts } from '../free-ports.ts';
import { type ClassArchive, classArchive } from './class-archive.ts';
import { findJava } from './find-java.ts';
import { newUuid } from './format-log-dir.ts';
import { installKafka, type InstallOptions } from './install-kafka.ts';
import type { Installation } from './installation.ts';
import { KAFKA_VERSION } from './kafka-pom.ts';
import { type RunningBroker, SMALL_JVM, startBroker } from './start-broker.ts';

export interface StartedKafka {
  /** `host:port`; null where there is no Kafka to be had. */
  readonly brokers: readonly string[] | null;
  /** Why, in one line. */
  readonly missing: string | null;
  readonly stop: () => Promise<void>;
}

/** Somebody else may take a port between our look and the broker's. */
const PORT_TRIES = 3;
/** The first stop writes the class archive. */
const ARCHIVING_STOP_MS = 30_000;

/** One real Kafka broker as a process of this machine: Java and, the first time, Maven. */
export async function startKafka(options: InstallOptions): Promise<StartedKafka> {
  const { run, onStep, signal } = options;
  const java = await findJava(signal);
  if (java.kind === 'missing') return missingKafka(java.reason);
  const installed = await installKafka(options);
  if (installed.kind === 'missing') return missingKafka(installed.reason);
  const { installation } = installed;
  const archive = classArchive({ installation, javaVersion: java.version, run });
  const broker = await startOnFreePorts(installation, archive, options);
  onStep(`Kafka: Apache Kafka ${KAFKA_VERSION} listens on ${broker.address}`);
  return {
    brokers: [broker.address],
    missing: null,
    async stop() {
      if (archive.isWritten) {
        onStep('Kafka: stops, and stores its loaded classes so that it starts faster next time');
      }
      if ((await broker.stop()) === 'clean') archive.keep();
    },
  };
}

export function missingKafka(reason: string): StartedKafka {
  return { brokers: null, missing: reason, stop: () => Promise.resolve() };
}

async function startOnFreePorts(
  installation: Installation,
  archive: ClassArchive,
  { run, signal }: InstallOptions,
): Promise<RunningBroker> {
  for (let attempt = 1; ; attempt++) {
    const [clientPort = 0, controllerPort = 0] = await freePorts(2);
    const node = { nodeId: 1, clientPort, controllerPort };
    try {
      return await startBroker({
        installation,
        run,
        dataDir: join(run.folder, `kafka-${attempt}`),
        node,
        cluster: [node],
        clusterId: newUuid(),
        javaOptions: [...SMALL_JVM, ...archive.javaOptions],
        ...(archive.isWritten ? { stopMs: ARCHIVING_STOP_MS } : {}),
        signal,
      });
    } catch (error) {
      if (!isAssayError(error) || !error.retryable || attempt === PORT_TRIES) throw error;
    }
  }
}
