import { LOOPBACK } from '../free-ports.ts';

/** One node of a cluster, broker and controller in one. */
export interface NodePorts {
  readonly nodeId: number;
  readonly clientPort: number;
  readonly controllerPort: number;
}

export interface BrokerSettings {
  readonly node: NodePorts;
  /** All nodes of the cluster, this one too. */
  readonly cluster: readonly NodePorts[];
  readonly logDir: string;
  /** Where the sockets are bound; nodes find each other on the loopback interface. */
  readonly bindAddress: string;
  /** Where clients are sent. */
  readonly host: string;
  /**
   * Further properties, above all for tests of failures: a broker that was killed may register again after
   * `broker.session.timeout.ms` (9 s), which is short enough to notice and too long to wait for.
   */
  readonly overrides?: Readonly<Record<string, string>>;
}

const MAX_REPLICAS = 3;

/**
 * server.properties of a broker for demo and tests: small, quick to elect and to rebalance, and as strict as
 * production where a program could rely on leniency (topics are not made by asking for them).
 */
export function brokerProperties(settings: BrokerSettings): Readonly<Record<string, string>> {
  const { node, cluster, bindAddress, host } = settings;
  const replicas = String(Math.min(cluster.length, MAX_REPLICAS));
  const minInSync = cluster.length >= MAX_REPLICAS ? '2' : '1';
  return {
    'process.roles': 'broker,controller',
    'node.id': String(node.nodeId),
    'controller.quorum.voters': cluster
      .map(({ nodeId, controllerPort }) => `${nodeId}@${LOOPBACK}:${controllerPort}`)
      .join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${bindAddress}:${node.clientPort},CONTROLLER://${bindAddress}:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://${host}:${node.clientPort}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': settings.logDir.replaceAll('\\', '/'),
    'auto.create.topics.enable': 'false',
    'default.replication.factor': replicas,
    'min.insync.replicas': minInSync,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': '3',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': minInSync,
    'transaction.state.log.num.partitions': '3',
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': minInSync,
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'transaction.abort.timed.out.transaction.cleanup.interval.ms': '1000',
    // Part of the heap, 128 MiB by default.
    'log.cleaner.dedupe.buffer.size': '16777216',
    ...settings.overrides,
  };
}
