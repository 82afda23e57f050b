import { AssayError } from '../../core/errors.ts';
import { freePorts } from '../free-ports.ts';
import { brokerProperties } from '../kafka/broker-properties.ts';
import { newUuid } from '../kafka/format-log-dir.ts';
import { KAFKA_VERSION } from '../kafka/kafka-pom.ts';
import { readMetadata } from '../kafka/read-metadata.ts';
import { waitUntil } from '../wait-until.ts';
import type { Docker } from './find-docker.ts';

export interface KafkaContainer {
  readonly address: string;
  readonly stop: () => Promise<void>;
}

export const KAFKA_IMAGE = `apache/kafka:${KAFKA_VERSION}`;

const CONTROLLER_PORT = 9093;
/** After the image has been fetched. */
const START_MS = 60_000;

/**
 * One Kafka broker in a container. It tells clients its address, so the port outside has to be known before
 * it starts, and is the same inside. Rejects with what testcontainers or the engine says.
 */
export async function startKafkaContainer(
  docker: Docker,
  signal: AbortSignal,
): Promise<KafkaContainer> {
  const { testcontainers, host } = docker;
  const { GenericContainer, Wait } = testcontainers;
  const [port = 0] = await freePorts(1);
  const clusterId = newUuid();
  const container = await new GenericContainer(KAFKA_IMAGE)
    .withEnvironment({ CLUSTER_ID: clusterId, ...toEnvironment(port, host) })
    .withExposedPorts({ container: port, host: port })
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_MS)
    .start();
  const stop = async (): Promise<void> => void (await container.stop());
  const isReady = async (): Promise<boolean> => {
    const metadata = await readMetadata({ host, port });
    return metadata?.clusterId === clusterId && metadata.brokers.length > 0;
  };
  if (await waitUntil(isReady, { timeoutMs: START_MS, signal })) {
    return { address: `${host}:${port}`, stop };
  }
  await stop();
  signal.throwIfAborted();
  throw new AssayError(
    'STACK_UNAVAILABLE',
    `Kafka in its container does not answer on ${host}:${port}`,
  );
}

/** The image takes server properties as variables: `process.roles` is KAFKA_PROCESS_ROLES. */
function toEnvironment(port: number, host: string): Record<string, string> {
  const node = { nodeId: 1, clientPort: port, controllerPort: CONTROLLER_PORT };
  const properties = brokerProperties({
    node,
    cluster: [node],
    logDir: '/var/lib/kafka/data',
    bindAddress: '0.0.0.0',
    host,
  });
  const variables = Object.entries(properties).map(([key, value]): [string, string] => [
    `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
    value,
  ]);
  return { ...Object.fromEntries(variables), KAFKA_HEAP_OPTS: '-Xms128m -Xmx384m' };
}
