import type { Admin } from 'kafkajs';
import type { KafkajsModules } from './repair-internals.ts';
import {
  type CompactEncoder,
  type Decoder,
  decodeTopicIds,
  encodeTopicIdRequest,
  METADATA,
} from './topic-id-request.ts';

/** The admin of kafkajs with one question more: it knows no request whose answer has ids of topics. */
export interface TopicIdAdmin extends Admin {
  /**
   * Asks one broker. A topic that is deleted and made again has another id. Topics that do not exist are not in
   * the answer, and none is where brokers are older than Kafka 2.8.
   */
  fetchTopicIds(topics: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

interface Broker {
  readonly versions: Readonly<Record<number, { readonly maxVersion: number } | undefined>>;
  readonly connectionPool: { send<Answer>(request: ProtocolRequest<Answer>): Promise<Answer> };
}

interface ProtocolRequest<Answer> {
  readonly request: typeof METADATA & { encode(): Promise<CompactEncoder> };
  readonly response: {
    decode(data: Buffer): Promise<Answer>;
    parse(decoded: Answer): Promise<Answer>;
  };
}

interface Cluster {
  readonly brokerPool: { findConnectedBroker(): Promise<Broker> };
}

type CreateAdmin = (options: { readonly cluster: Cluster }) => Admin;

export function addTopicIdsToAdmin(modules: KafkajsModules): void {
  const createAdmin = modules.load('src/admin/index') as CreateAdmin;
  const EncoderClass = modules.load('src/protocol/encoder') as new () => CompactEncoder;
  const DecoderClass = modules.load('src/protocol/decoder') as new (data: Buffer) => Decoder;

  async function fetchTopicIds(
    { cluster }: { readonly cluster: Cluster },
    topics: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const broker = await cluster.brokerPool.findConnectedBroker();
    const { maxVersion = 0 } = broker.versions[METADATA.apiKey] ?? {};
    if (maxVersion < METADATA.apiVersion) return new Map();
    return broker.connectionPool.send({
      request: {
        ...METADATA,
        encode: () => Promise.resolve(encodeTopicIdRequest(topics, new EncoderClass())),
      },
      response: {
        decode: (data) => Promise.resolve(decodeTopicIds(new DecoderClass(data))),
        parse: (ids) => Promise.resolve(ids),
      },
    });
  }

  modules.replace(
    'src/admin/index',
    (options: { readonly cluster: Cluster }): TopicIdAdmin => ({
      ...createAdmin(options),
      fetchTopicIds: (topics) => fetchTopicIds(options, topics),
    }),
  );
}
