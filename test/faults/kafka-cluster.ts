import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Admin, Kafka } from 'kafkajs';
import { createClient, QUICK_RETRY } from '../../src/adapters/kafka/create-client.ts';
import { freePorts } from '../../src/stack/free-ports.ts';
import { newUuid } from '../../src/stack/kafka/format-log-dir.ts';
import { installKafka } from '../../src/stack/kafka/install-kafka.ts';
import {
  type BrokerOptions,
  type RunningBroker,
  startBroker,
} from '../../src/stack/kafka/start-broker.ts';
import { openRun } from '../../src/stack/open-run.ts';
import { makeStateDir } from '../stack/state-dir.ts';

const NODES = [1, 2, 3];
const REPLICAS = NODES.length;

/** So that another broker takes over within seconds, and a killed one may come back. */
const QUICK_FAILOVER = {
  'broker.session.timeout.ms': '2000',
  'broker.heartbeat.interval.ms': '500',
  'controller.quorum.election.timeout.ms': '500',
  'controller.quorum.fetch.timeout.ms': '1000',
  'replica.lag.time.max.ms': '3000',
};

export interface PartitionState {
  readonly partition: number;
  /** Node id; -1 while there is none. */
  readonly leader: number;
  /** How many replicas have everything. */
  readonly inSync: number;
}

/** Three brokers of one cluster as processes of this machine; topics have three replicas, two of them in sync. */
export interface KafkaCluster extends AsyncDisposable {
  readonly brokers: readonly string[];
  /** kafkajs as other programs use it. */
  openClient(): Kafka;
  createTopic(topic: string, partitions: number): Promise<void>;
  /** Ends a broker as a power failure does. */
  kill(nodeId: number): Promise<void>;
  /** Starts a killed broker on what it left. */
  restart(nodeId: number): Promise<void>;
  /** Waits until every partition of a topic has a leader and all its replicas, and says who leads. */
  healthy(topic: string): Promise<readonly PartitionState[]>;
}

export async function startCluster(): Promise<KafkaCluster> {
  const state = makeStateDir();
  const run = openRun(state.path);
  const close = async (): Promise<void> => {
    await run.close();
    state[Symbol.dispose]();
  };
  try {
    const { signal } = new AbortController();
    const installed = await installKafka({
      stateDir: state.path,
      run,
      signal,
      onStep: () => undefined,
    });
    if (installed.kind === 'missing') throw new Error(installed.reason);
    const ports = await freePorts(2 * NODES.length);
    const cluster = NODES.map((nodeId, index) => ({
      nodeId,
      clientPort: ports[2 * index] ?? 0,
      controllerPort: ports[2 * index + 1] ?? 0,
    }));
    const clusterId = newUuid();
    const options = cluster.map(
      (node): BrokerOptions => ({
        installation: installed.installation,
        run,
        dataDir: join(run.folder, `node-${node.nodeId}`),
        node,
        cluster,
        clusterId,
        overrides: QUICK_FAILOVER,
        signal,
      }),
    );
    const started = await Promise.all(options.map(startBroker));
    return toCluster(options, started, close);
  } catch (error) {
    await close();
    throw error;
  }
}

function toCluster(
  options: readonly BrokerOptions[],
  started: readonly RunningBroker[],
  close: () => Promise<void>,
): KafkaCluster {
  const running = new Map(started.map((broker, index) => [NODES[index], broker]));
  const brokers = started.map(({ address }) => address);
  const openClient = (): Kafka => createClient({ brokers, ssl: false }, QUICK_RETRY);
  return {
    brokers,
    openClient,
    createTopic: (topic, numPartitions) =>
      withAdmin(openClient(), async (admin) => {
        const replicationFactor = REPLICAS;
        await admin.createTopics({ topics: [{ topic, numPartitions, replicationFactor }] });
      }),
    async kill(nodeId) {
      await running.get(nodeId)?.kill('SIGKILL');
    },
    async restart(nodeId) {
      const own = options.find(({ node }) => node.nodeId === nodeId);
      if (own !== undefined) running.set(nodeId, await startBroker(own));
    },
    healthy: (topic) =>
      withAdmin(openClient(), async (admin) => {
        for (;;) {
          const states = await statesOf(admin, topic);
          const isWhole = states.every(({ leader, inSync }) => leader >= 0 && inSync === REPLICAS);
          if (states.length > 0 && isWhole) return states;
          await sleep(100);
        }
      }),
    async [Symbol.asyncDispose]() {
      // They hold nothing that anybody needs.
      await Promise.all([...running.values()].map((broker) => broker.kill('SIGKILL')));
      await close();
    },
  };
}

async function statesOf(admin: Admin, topic: string): Promise<readonly PartitionState[]> {
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    return (topics[0]?.partitions ?? []).map(({ partitionId, leader, isr }) => ({
      partition: partitionId,
      leader,
      inSync: isr.length,
    }));
  } catch {
    // A partition without a leader is an error to kafkajs, and so is a broker that has gone.
    return [];
  }
}

async function withAdmin<Result>(
  client: Kafka,
  work: (admin: Admin) => Promise<Result>,
): Promise<Result> {
  const admin = client.admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
