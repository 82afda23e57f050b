import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithProcess } from '../../../src/stack/end-with-process.ts';
import { freePorts, LOOPBACK } from '../../../src/stack/free-ports.ts';
import { classArchive } from '../../../src/stack/kafka/class-archive.ts';
import { findJava } from '../../../src/stack/kafka/find-java.ts';
import { newUuid } from '../../../src/stack/kafka/format-log-dir.ts';
import { installKafka } from '../../../src/stack/kafka/install-kafka.ts';
import { SMALL_JVM, startBroker } from '../../../src/stack/kafka/start-broker.ts';
import { openRun, type Run } from '../../../src/stack/open-run.ts';
import { canRun } from '../../../src/stack/postgres/can-run.ts';
import { createCluster } from '../../../src/stack/postgres/create-cluster.ts';
import { serverBinaries } from '../../../src/stack/postgres/server-binaries.ts';
import { serverUser } from '../../../src/stack/postgres/server-user.ts';
import { startServer } from '../../../src/stack/postgres/start-server.ts';
import type { Settings } from '../../live/service-process.ts';
import { openOwnServer, type OwnServer } from './own-server.ts';
import { openTcpProxy } from './tcp-proxy.ts';

const STATE_DIR = fileURLToPath(new URL('../../../.assay', import.meta.url));
const NAME = 'assay';
/** A broker that was killed may register again so soon. */
const BROKER_SESSION_MS = 3_000;

/** One broker and one Postgres that nobody else uses; to each a direct way, and one through a proxy. */
export interface OwnStack extends AsyncDisposable {
  readonly kafka: OwnServer;
  readonly postgres: OwnServer;
  readonly kafkaBrokers: string;
  /** An empty database whose user may create others. */
  readonly databaseUrl: string;
  /** Settings that lead a service through the proxies. */
  proxied(databaseUrl: string): Settings;
}

export async function openOwnStack(): Promise<OwnStack> {
  await using opened = new AsyncDisposableStack();
  const run = openRun(STATE_DIR);
  opened.defer(() => run.close());
  opened.defer(endWithProcess({ end: () => run.close(), endNow: () => run.closeNow() }));
  const [kafka, postgres] = await Promise.all([openKafka(run), openPostgres(run)]);
  opened.use(kafka.server.proxy);
  opened.use(postgres.server.proxy);
  const all = opened.move();
  return {
    kafka: kafka.server,
    kafkaBrokers: kafka.brokers,
    postgres: postgres.server,
    databaseUrl: postgres.url,
    proxied(databaseUrl) {
      const url = new URL(databaseUrl);
      url.port = String(postgres.server.proxy.port);
      return {
        KAFKA_BROKERS: `${LOOPBACK}:${kafka.server.proxy.port}`,
        DATABASE_URL: url.href,
      };
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function openKafka(
  run: Run,
): Promise<{ readonly server: OwnServer; readonly brokers: string }> {
  const { signal } = new AbortController();
  const java = await findJava(signal);
  if (java.kind === 'missing') throw new Error(java.reason);
  const onStep = (text: string): void => void process.stderr.write(`${text}\n`);
  const installed = await installKafka({ stateDir: STATE_DIR, run, signal, onStep });
  if (installed.kind === 'missing') throw new Error(installed.reason);
  const { installation } = installed;
  const archive = classArchive({ installation, javaVersion: java.version, run });
  const [clientPort = 0, proxiedPort = 0, controllerPort = 0] = await freePorts(3);
  const node = { nodeId: 1, clientPort, controllerPort };
  const clusterId = newUuid();
  const proxy = await openTcpProxy(proxiedPort);
  const server = await openOwnServer(proxy, () =>
    startBroker({
      installation,
      run,
      dataDir: join(run.folder, 'own-kafka'),
      node,
      cluster: [node],
      clusterId,
      javaOptions: [...SMALL_JVM, ...(archive.isWritten ? [] : archive.javaOptions)],
      overrides: {
        listeners: `PLAINTEXT://${LOOPBACK}:${clientPort},PROXIED://${LOOPBACK}:${proxiedPort},CONTROLLER://${LOOPBACK}:${controllerPort}`,
        // Each way leads back to itself.
        'advertised.listeners': `PLAINTEXT://${LOOPBACK}:${clientPort},PROXIED://${LOOPBACK}:${proxy.port}`,
        'listener.security.protocol.map':
          'PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT',
        'broker.session.timeout.ms': String(BROKER_SESSION_MS),
        'broker.heartbeat.interval.ms': '500',
      },
      signal,
    }),
  );
  return { server, brokers: `${LOOPBACK}:${clientPort}` };
}

async function openPostgres(
  run: Run,
): Promise<{ readonly server: OwnServer; readonly url: string }> {
  const { signal } = new AbortController();
  const user = await serverUser();
  const binaries = await serverBinaries(user, join(run.folder, 'postgres-programs'));
  const password = randomBytes(12).toString('hex');
  const folder = join(run.folder, 'own-postgres');
  const cluster = { binaries, user, folder, password, signal, superuser: NAME };
  const dataDir = await createCluster(cluster);
  const [port = 0] = await freePorts(1);
  const proxy = await openTcpProxy(port);
  const urlAt = (at: number, database: string): string =>
    `postgres://${NAME}:${password}@${LOOPBACK}:${at}/${database}`;
  const maintenance = urlAt(port, 'postgres');
  const server = await openOwnServer(proxy, () =>
    startServer({ binaries, user, dataDir, port, run, signal, url: maintenance }),
  );
  if (!(await canRun(maintenance, `create database ${NAME}`))) {
    throw new Error('the new Postgres server makes no database');
  }
  return { server, url: urlAt(port, NAME) };
}
