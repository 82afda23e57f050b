import { createHash, randomBytes } from 'node:crypto';
import { Client, Pool } from 'pg';
import { inject } from 'vitest';
import { connectPostgres } from '../../../src/adapters/postgres/connect-postgres.ts';
import { migrate } from '../../../src/adapters/postgres/migrate.ts';
import { createScratchDatabase } from '../../../src/stack/postgres/scratch-database.ts';
import { type CallLog, openCallLog } from '../../live/call-log.ts';
import { makeTrace, traceIdOf } from '../../live/make-trace.ts';
import type { Settings } from '../../live/service-process.ts';
import type { Workplace } from '../../live/workplace.ts';
import {
  checkCommits,
  checkWorld,
  type HandedOut,
  type RecordEnd,
  type Report,
} from './check-world.ts';
import { type Fleet, type Member, openFleet } from './fleet.ts';
import { openLoad, type Load } from './load.ts';
import { chooseSeed, createRandom, type Random } from './random.ts';
import { createFactReader, type FactReader } from './read-facts.ts';
import { SCORERS_FILE, startScorers, type WorldScorer } from './scorers.ts';
import { openTopicClient, type TopicClient } from './topic-client.ts';
import { waitUntilDone } from './wait-until-done.ts';

export interface WorldOptions {
  /** Decides the ids, and `random`; FAULT_SEED or a fresh one where absent. Printed. */
  readonly seed?: number;
  readonly partitions?: number;
  /** For every service, without the prefix. */
  readonly settings?: Settings;
  readonly scorers?: readonly WorldScorer[];
  /** `host:port`, separated by commas; the broker of the test run where absent. */
  readonly kafkaBrokers?: string;
  /** A server whose user may create databases; the one of the test run where absent. */
  readonly databaseUrl?: string;
}

/** A record that is not one of the usual traces. */
export interface WorldRecord {
  readonly key?: string | null;
  readonly value: string | Buffer | null;
  readonly partition?: number;
  readonly timestampMs?: number;
  /** `archive` where absent. */
  readonly end?: RecordEnd;
  /** False for a trace that no scorer may see. */
  readonly scored?: boolean;
}

/** Real services, a real broker and a real Postgres, with everything that was handed out and what became of it. */
export interface World extends AsyncDisposable {
  readonly workplace: Workplace;
  readonly calls: CallLog;
  readonly topics: TopicClient;
  readonly fleet: Fleet;
  readonly records: readonly HandedOut[];
  /** Numbers that the seed determines. */
  readonly random: Random;
  /** Starts one more service; resolves when it is ready. */
  start(settings?: Settings): Promise<Member>;
  /** So many small traces, or these records; resolves when Kafka has them. */
  produce(what: number | readonly WorldRecord[]): Promise<void>;
  /** Produces so many small traces per second until it is stopped. */
  load(perSecond: number): Load;
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /**
   * Resolves when everything handed out so far is archived, scored, published and committed (I14). Throws
   * after `timeoutMs` with what is missing.
   */
  done(timeoutMs: number): Promise<void>;
  /** I1 at this moment, with services running. Throws. */
  checkCommits(): Promise<void>;
  /** Stops what still runs, in order, and checks everything. Throws with all that is wrong. */
  check(): Promise<Report>;
}

const DEFAULT_PARTITIONS = 4;
const DEFAULT_SETTINGS: Settings = {
  SCORERS: SCORERS_FILE,
  SCORER_CONCURRENCY: '8',
  KAFKA_SESSION_TIMEOUT_MS: '2000',
  LOG_LEVEL: 'info',
};
const MAX_REMEMBERED = 64 * 1024;

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const { seed = chooseSeed(), partitions = DEFAULT_PARTITIONS, scorers = [] } = options;
  await using opened = new AsyncDisposableStack();
  const brokers = options.kafkaBrokers ?? inject('kafkaBrokers');
  const workplace = opened.use(await openPlace(options.databaseUrl ?? inject('databaseUrl')));
  process.stderr.write(`world ${workplace.groupId}: FAULT_SEED=${seed}\n`);
  const calls = opened.use(openCallLog());
  const topics = opened.use(openTopicClient(brokers));
  const { traceTopic, feedbackTopic, deadLetterTopic, groupId } = workplace;
  await topics.createTopics([traceTopic, feedbackTopic, deadLetterTopic], partitions);
  await startScorers(workplace.test.database, scorers);
  const pool = new Pool({ connectionString: workplace.test.url, max: 2 });
  pool.on('error', () => undefined); // Postgres may go away; the next query says so.
  opened.defer(() => pool.end());
  const fleet = opened.use(openFleet(groupId));
  const records: HandedOut[] = [];
  const sql: World['sql'] = async <Row extends object>(
    text: string,
    values: readonly unknown[] = [],
  ) => (await pool.query<Row>(text, [...values])).rows;
  const reader: FactReader = createFactReader({
    workplace,
    calls,
    topics,
    fleet,
    records,
    scorers,
    sql,
  });
  const produce = createProducer({ seed, partitions, topic: traceTopic, topics, records });
  const running = opened.move();
  return {
    workplace,
    calls,
    topics,
    fleet,
    records,
    random: createRandom(seed),
    start(settings = {}) {
      process.env['CALL_LOG'] = calls.file;
      return fleet.start({
        KAFKA_BROKERS: brokers,
        ...workplace.settings,
        ...DEFAULT_SETTINGS,
        ...options.settings,
        ...settings,
      });
    },
    produce,
    load: (perSecond) => openLoad(produce, perSecond),
    sql,
    done: (timeoutMs) => waitUntilDone(reader, timeoutMs),
    async checkCommits() {
      const problems = checkCommits(await reader.readProgress());
      if (problems.length > 0) throw new Error(problems.join('\n'));
    },
    async check() {
      await fleet.stopAll();
      return checkWorld(await reader.readAll());
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Topics, a group and a database that nobody else uses. */
async function openPlace(serverUrl: string): Promise<Workplace> {
  const name = `f${randomBytes(5).toString('hex')}`;
  const scratch = await createScratchDatabase(serverUrl, name);
  const { databaseUrl: url } = scratch;
  const database = await connectPostgres({ url });
  await migrate(database);
  const clients: Client[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(clients.map((client) => client.end()));
    await database.close();
    await scratch.drop();
  };
  const settings = {
    DATABASE_URL: url,
    TRACE_TOPICS: `${name}.traces`,
    FEEDBACK_TOPIC: `${name}.feedback`,
    DEAD_LETTER_TOPIC: `${name}.dead`,
    GROUP_ID: name,
  };
  return {
    traceTopic: settings.TRACE_TOPICS,
    feedbackTopic: settings.FEEDBACK_TOPIC,
    deadLetterTopic: settings.DEAD_LETTER_TOPIC,
    groupId: name,
    test: {
      url,
      database,
      async connect() {
        const client = new Client({ connectionString: url });
        clients.push(client);
        await client.connect();
        return client;
      },
      [Symbol.asyncDispose]: close,
    },
    settings,
    [Symbol.asyncDispose]: close,
  };
}

interface ProducerParts {
  readonly seed: number;
  readonly partitions: number;
  readonly topic: string;
  readonly topics: TopicClient;
  /** Takes what was written. */
  readonly records: HandedOut[];
}

function createProducer(parts: ProducerParts): World['produce'] {
  const { seed, partitions, topic, topics, records } = parts;
  const firstTrace = (seed % 1_000) * 100_000;
  let traces = 0;
  let sent = 0;
  return async (what) => {
    const wanted =
      typeof what === 'number'
        ? Array.from({ length: what }, () => usualTrace(firstTrace + traces++))
        : what.map(toSpecialRecord);
    const placed = wanted.map((record) => ({
      ...record,
      partition: record.partition ?? sent++ % partitions,
    }));
    const byPartition = Map.groupBy(placed, ({ partition }) => partition);
    await Promise.all(
      [...byPartition].map(async ([partition, group]) => {
        const written = await topics.send(
          { topic, partition },
          group.map(({ message }) => message),
        );
        for (const [index, { handedOut }] of group.entries()) {
          const position = written[index];
          if (position !== undefined) records.push({ ...handedOut, ...position });
        }
      }),
    );
  };
}

function usualTrace(n: number) {
  const traceId = traceIdOf(n);
  const value = makeTrace(n);
  return {
    partition: undefined,
    message: { key: traceId, value },
    handedOut: { traceId, end: 'archive' as const, scored: true, md5: md5(value), value },
  };
}

function toSpecialRecord(record: WorldRecord) {
  const { key = null, value, partition, timestampMs, end = 'archive', scored = true } = record;
  return {
    partition,
    message: { key, value, ...(timestampMs !== undefined && { timestampMs }) },
    handedOut: {
      traceId: end === 'archive' ? readTraceId(value) : null,
      end,
      scored,
      md5: null,
      value: (value?.length ?? 0) > MAX_REMEMBERED ? null : value,
    },
  };
}

function readTraceId(value: string | Buffer | null): string {
  const { info } = JSON.parse(String(value)) as { readonly info: { readonly trace_id: string } };
  return info.trace_id;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
