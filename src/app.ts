import { hostname } from 'node:os';
import { createBuiltinRuntime } from './adapters/builtin-scorers/create-builtin-runtime.ts';
import { createKafkaBroker } from './adapters/kafka/create-kafka-broker.ts';
import { createMemoryBroker } from './adapters/memory-broker/create-memory-broker.ts';
import { loadModuleRuntime } from './adapters/module-scorers/load-module-runtime.ts';
import { createPostgresArchive } from './adapters/postgres/archive.ts';
import { connectForQueries } from './adapters/postgres/connect-for-queries.ts';
import { connectPostgres } from './adapters/postgres/connect-postgres.ts';
import type { Database } from './adapters/postgres/database.ts';
import { createPostgresDeadLetterIndex } from './adapters/postgres/dead-letter-index.ts';
import { createPostgresLedger } from './adapters/postgres/ledger.ts';
import { migrate, type MigrationReport } from './adapters/postgres/migrate.ts';
import { createPartitionClaims } from './adapters/postgres/partition-claims.ts';
import { createPostgresRegistry } from './adapters/postgres/registry.ts';
import { createCodeRuntime } from './adapters/sandbox/create-code-runtime.ts';
import { createSandbox, type Sandbox } from './adapters/sandbox/create-sandbox.ts';
import { createPostgresTraceRecords } from './adapters/postgres/trace-records.ts';
import { createPostgresTraceSearch } from './adapters/postgres/trace-search.ts';
import { requireCurrentSchema } from './adapters/postgres/require-current-schema.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { createLogger } from './adapters/telemetry/create-logger.ts';
import { createTelemetry, type Telemetry } from './adapters/telemetry/create-telemetry.ts';
import type { Logger } from './adapters/telemetry/logger.ts';
import type { Config } from './config/config-schema.ts';
import type { BrokerConfig, DatabaseConfig } from './config/require-settings.ts';
import type { Totals } from './core/totals.ts';
import { createFilterChecker } from './engine/check-filter.ts';
import { createVersionCache, type ScorerRuntimes } from './engine/compile-config.ts';
import { ConfigWatch } from './engine/config-watch.ts';
import { createLiveEngine, type LiveOptions } from './engine/create-live-engine.ts';
import { createHealthBoard } from './engine/dependency-health.ts';
import { createTraceExplainer, type ExplainPorts } from './engine/explain-trace.ts';
import { limitQueries } from './engine/limit-queries.ts';
import type { LiveEngine } from './engine/live-engine.ts';
import { registerLoadedVersions } from './engine/register-loaded-versions.ts';
import { createScorerLifecycle } from './engine/scorer-lifecycle.ts';
import { createTraceSearcher } from './engine/search-traces.ts';
import { createServiceHealth } from './engine/service-health.ts';
import { createTraceReader } from './engine/trace-reader.ts';
import { createScorerTrial } from './engine/try-scorer.ts';
import { createHttpServer } from './http/create-http-server.ts';
import type { Broker } from './ports/broker.ts';
import type { Clock } from './ports/clock.ts';
import type { Registry } from './ports/registry.ts';
import type { Service } from './ports/service.ts';

/** Partitions of topics that the service creates: how many instances can share them. */
const PARTITIONS_OF_NEW_TOPICS = 4;

export interface AppOptions {
  readonly config: DatabaseConfig;
  /** Opens the broker; `onNotice` takes what its client library has to say. Closed with the service. */
  readonly openBroker: (onNotice: (message: string) => void) => Broker;
  /** Takes log lines; standard output where absent. */
  readonly logTo?: { write(line: string): void };
  /** Called once, when something happened that the service cannot go on after; it should be stopped then. */
  readonly onFault: (error: unknown) => void;
}

/** The running service. */
export interface App {
  /** Where the API listens. */
  readonly url: string;
  readonly service: Service;
  totals(): Totals;
  /** The revision of the configuration in force; changes take effect here within a second. */
  configRevision(): number;
  /** Ends in the reverse order of the start; what is in flight gets the grace time. */
  stop(): Promise<void>;
}

/** Starts the service: database, scorers, topics, API, and last the consumer. Throws AssayErrors. */
export async function startApp(options: AppOptions): Promise<App> {
  const { config, onFault } = options;
  await using opened = new AsyncDisposableStack();
  const outside = await openOutside(options, opened);
  const { clock, telemetry, logger, runtimes, database, registry } = outside;
  const broker = options.openBroker((message) => logger.debug({ message }, 'kafka'));
  opened.defer(() => broker.close());
  await ensureTopics(broker, config, telemetry);

  const health = createHealthBoard({ clock, observer: telemetry });
  const watch = new ConfigWatch(
    { registry, versions: createVersionCache(runtimes), observer: telemetry, clock, health },
    { archiveByDefault: config.archive, onFault },
  );
  await registerLoadedVersions({ registry, runtimes }, instanceName());
  await watch.start();
  opened.defer(() => watch.stop());

  const { groupId, traceTopics: topics } = config;
  const stores = openStores(database, groupId);
  const engine = createLiveEngine(
    {
      consumer: broker.consumer({ groupId, topics }),
      producer: broker.producer(),
      ...stores,
      clock,
      observer: telemetry,
      health,
      config: () => watch.current(),
    },
    toLiveOptions(config, onFault),
  );
  const service: Service = {
    ...createQueries({ ...outside, config: () => watch.current() }, config),
    health: createServiceHealth({
      board: health,
      clock,
      scorers: () => ({
        unavailable: watch.current().unavailable,
        sinceMs: watch.unavailableSinceMs,
      }),
      partitionsSinceMs: () => engine.readySinceMs,
    }),
  };
  const url = await listen({ config, service, logger }, opened);
  opened.defer(() => stopEngine(engine, config, telemetry));
  await engine.start();
  telemetry.report({ kind: 'state', state: 'running', detail: `the API listens on ${url}` });
  const running = opened.move();
  return {
    url,
    service,
    totals: () => telemetry.totals(),
    configRevision: () => watch.current().revision,
    stop: () => running.disposeAsync(),
  };
}

/** What the pipeline stores into. */
function openStores(database: Database, groupId: string) {
  return {
    archive: createPostgresArchive(database),
    ledger: createPostgresLedger(database),
    claims: createPartitionClaims(database, { groupId, owner: instanceName() }),
    deadLetterIndex: createPostgresDeadLetterIndex(database),
  };
}

interface QueryPorts extends Pick<ExplainPorts, 'config'> {
  readonly queries: Database;
  readonly clock: Clock;
  /** Over the engine's connections: for changes. */
  readonly registry: Registry;
  readonly runtimes: ScorerRuntimes;
}

/** Scorers, and what people ask of stored traces; the latter on connections of its own. */
function createQueries(ports: QueryPorts, settings: Config): Omit<Service, 'health'> {
  const { queries, clock, config, runtimes } = ports;
  const { samplingCohort, scorerTimeoutMs: timeoutMs, scorerConcurrency: concurrency } = settings;
  const scorers = createScorerLifecycle({ registry: ports.registry, runtimes }, settings);
  const search = createPostgresTraceSearch(queries);
  const ledger = createPostgresLedger(queries);
  const registry = createPostgresRegistry(queries);
  const long = {
    searcher: createTraceSearcher({ search, clock }),
    filters: createFilterChecker({ search, clock }),
  };
  return {
    scorers,
    trials: createScorerTrial({ scorers, runtimes, search, clock }, { timeoutMs, concurrency }),
    ...limitQueries(long, clock),
    traces: createTraceReader({ archive: createPostgresArchive(queries), ledger, registry }),
    explainer: createTraceExplainer(
      {
        records: createPostgresTraceRecords(queries),
        deadLetterIndex: createPostgresDeadLetterIndex(queries),
        ledger,
        registry,
        config,
      },
      { samplingCohort },
    ),
  };
}

/** Log, scorers and database: what stands before anything can be decided. */
async function openOutside({ config, logTo }: AppOptions, opened: AsyncDisposableStack) {
  const clock = createSystemClock();
  const logger = createLogger({ level: config.logLevel, ...(logTo && { destination: logTo }) });
  const telemetry = createTelemetry({ logger, clock });
  opened.defer(() => telemetry.stop());
  telemetry.report({ kind: 'state', state: 'starting', detail: null });
  const sandbox = createSandbox();
  opened.defer(() => sandbox.close());
  const runtimes = await loadRuntimes(config, sandbox);
  const onNotice = (message: string): void => logger.debug({ message }, 'postgres');
  const database = await openDatabase(config, onNotice);
  opened.defer(() => database.close());
  await requireCurrentSchema(database);
  const queries = await connectForQueries({ url: config.databaseUrl.reveal(), onNotice });
  opened.defer(() => queries.close());
  return {
    clock,
    logger,
    telemetry,
    runtimes,
    database,
    queries,
    registry: createPostgresRegistry(database),
  };
}

async function listen(
  parts: { readonly config: Config; readonly service: Service; readonly logger: Logger },
  opened: AsyncDisposableStack,
): Promise<string> {
  const { config, service, logger } = parts;
  const http = createHttpServer({
    host: config.httpHost,
    port: config.httpPort,
    service,
    onRequestError: (err, request) => logger.error({ err, ...request }, 'a request failed'),
  });
  opened.defer(() => http.close());
  return (await http.listen()).url;
}

async function stopEngine(
  engine: LiveEngine,
  { shutdownGraceMs }: Config,
  telemetry: Telemetry,
): Promise<void> {
  telemetry.report({ kind: 'state', state: 'draining', detail: null });
  await engine.stop(shutdownGraceMs);
  telemetry.report({ kind: 'state', state: 'stopped', detail: null });
}

/** Creates or updates the database schema. */
export async function migrateDatabase(config: DatabaseConfig): Promise<MigrationReport> {
  const database = await openDatabase(config);
  try {
    return await migrate(database);
  } finally {
    await database.close();
  }
}

/** Kafka as the configuration says. Connects only when it is used. */
export function createBroker(config: BrokerConfig, onNotice?: (message: string) => void): Broker {
  const { kafkaSaslMechanism, kafkaSaslUsername, kafkaSaslPassword } = config;
  const hasLogin =
    kafkaSaslMechanism !== undefined &&
    kafkaSaslUsername !== undefined &&
    kafkaSaslPassword !== undefined;
  return createKafkaBroker({
    brokers: config.kafkaBrokers,
    ssl: config.kafkaSsl,
    sessionTimeoutMs: config.kafkaSessionTimeoutMs,
    ...(onNotice && { onNotice }),
    ...(hasLogin && {
      sasl: {
        mechanism: kafkaSaslMechanism,
        username: kafkaSaslUsername,
        password: kafkaSaslPassword.reveal(),
      },
    }),
  });
}

/** A broker in the memory of this process: for the demo where there is no Kafka. */
export function createInMemoryBroker(): Broker {
  return createMemoryBroker();
}

function openDatabase(
  { databaseUrl }: DatabaseConfig,
  onNotice?: (message: string) => void,
): Promise<Database> {
  return connectPostgres({ url: databaseUrl.reveal(), ...(onNotice && { onNotice }) });
}

async function loadRuntimes({ scorers: files }: Config, sandbox: Sandbox): Promise<ScorerRuntimes> {
  const runtimes = [
    createBuiltinRuntime(),
    await loadModuleRuntime({ files }),
    createCodeRuntime({ sandbox }),
  ];
  return new Map(runtimes.map((runtime) => [runtime.kind, runtime]));
}

async function ensureTopics(
  broker: Broker,
  { traceTopics, feedbackTopic, deadLetterTopic, createTopics: create }: Config,
  telemetry: Telemetry,
): Promise<void> {
  const names = [...traceTopics, feedbackTopic, deadLetterTopic];
  const specs = names.map((name) => ({ name, partitions: PARTITIONS_OF_NEW_TOPICS }));
  const topics = await broker.admin.ensureTopics(specs, { create });
  if (topics.length > 0) telemetry.report({ kind: 'topics_created', topics });
}

function toLiveOptions(config: Config, onFault: (error: unknown) => void): LiveOptions {
  return {
    maxTraces: config.maxInFlightTraces,
    maxBytes: config.maxInFlightBytes,
    maxTraceBytes: config.maxTraceBytes,
    samplingCohort: config.samplingCohort,
    topics: { feedback: config.feedbackTopic, deadLetter: config.deadLetterTopic },
    scorers: { timeoutMs: config.scorerTimeoutMs, concurrency: config.scorerConcurrency },
    onFault,
  };
}

/** For people who look into the database: who claimed a partition, who registered a version. */
function instanceName(): string {
  return `${hostname()}:${process.pid}`;
}
