import type { CallLog } from '../../live/call-log.ts';
import type { ReadRecord } from '../../live/kafka-topic.ts';
import type { Workplace } from '../../live/workplace.ts';
import type { ArchivedRow, Facts, HandedOut, ResultRow } from './check-world.ts';
import type { Fleet } from './fleet.ts';
import type { WorldScorer } from './scorers.ts';
import type { TopicClient } from './topic-client.ts';

export interface FactSources {
  readonly workplace: Workplace;
  readonly calls: CallLog;
  readonly topics: TopicClient;
  readonly fleet: Fleet;
  readonly records: readonly HandedOut[];
  readonly scorers: readonly WorldScorer[];
  readonly sql: <Row extends object>(text: string) => Promise<readonly Row[]>;
}

/** How many rows there are of each kind. */
export interface Counts {
  readonly archived: number;
  readonly deadLetters: number;
  readonly results: number;
}

export type Progress = Pick<
  Facts,
  'records' | 'scorers' | 'archived' | 'results' | 'committed' | 'ends'
>;

/** Reads what became of a world, by plain SQL and a plain consumer. */
export interface FactReader {
  readonly sources: FactSources;
  counts(): Promise<Counts>;
  stored(): Promise<readonly string[]>;
  events(): Promise<readonly ReadRecord[]>;
  committed(): Promise<ReadonlyMap<number, number>>;
  ends(): Promise<ReadonlyMap<number, number>>;
  readProgress(): Promise<Progress>;
  readAll(): Promise<Facts>;
}

export function createFactReader(sources: FactSources): FactReader {
  const { workplace, calls, topics, fleet, records, scorers, sql } = sources;
  const { traceTopic, feedbackTopic, deadLetterTopic, groupId } = workplace;

  const archived = () =>
    sql<ArchivedRow>(
      `select partition, "offset"::int as offset, trace_id as "traceId", md5(body) as md5 from assay.trace_records`,
    );
  const results = () =>
    sql<ResultRow>(
      `select scorer, scorer_version as version, trace_id as "traceId", partition, "offset"::int as offset,
        (extract(epoch from created_at) * 1000)::float8 as "createdAtMs" from assay.results`,
    );
  const stored = async () => {
    const rows = await sql<{ id: string }>('select feedback_id as id from assay.feedback');
    return rows.map(({ id }) => id);
  };
  const events = () => topics.read(feedbackTopic);
  const committed = () => topics.committed(groupId, traceTopic);
  const ends = () => topics.ends(traceTopic);

  /** Commits first: what is finished afterwards only adds to what they stand for. */
  async function readProgress(): Promise<Progress> {
    const commits = await committed();
    return {
      records: [...records],
      scorers,
      committed: commits,
      ends: await ends(),
      archived: await archived(),
      results: await results(),
    };
  }

  return {
    sources,
    async counts() {
      const [row] = await sql<Counts>(
        `select (select count(*) from assay.trace_records)::int as archived,
          (select count(*) from assay.dead_letters)::int as "deadLetters",
          (select count(*) from assay.results)::int as results`,
      );
      return row ?? { archived: 0, deadLetters: 0, results: 0 };
    },
    stored,
    events,
    committed,
    ends,
    readProgress,
    async readAll() {
      const letters = await sql<{ place: string }>(
        `select partition || '/' || "offset" as place from assay.dead_letters`,
      );
      return {
        ...(await readProgress()),
        deadLetterRows: letters.map(({ place }) => place),
        deadLetters: await topics.read(deadLetterTopic),
        stored: await stored(),
        events: await events(),
        calls: calls.read(),
        processes: fleet.ended,
        leftovers: fleet.leftovers(),
      };
    },
  };
}
