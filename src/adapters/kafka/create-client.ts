import type { Kafka, KafkaConfig, LogEntry, RetryOptions, SASLOptions } from 'kafkajs';
import type { KafkaOptions } from './kafka-options.ts';
import { loadKafkajs } from './load-kafkajs.ts';
import { openSocket } from './open-socket.ts';

const CONNECT_TIMEOUT_MS = 3_000;
const LOGIN_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 15_000;

/** About two seconds: for calls that somebody waits for, and that are repeated by whoever needs them. */
export const QUICK_RETRY: RetryOptions = {
  initialRetryTime: 100,
  multiplier: 2,
  factor: 0.2,
  maxRetryTime: 1_000,
  retries: 4,
};

/**
 * About 25 seconds: long enough for a broker to restart or another to take over. A producer that gives up
 * earlier forgets what it has sent, and then the next try may write a message twice. A consumer leaves a
 * member behind that the group waits for before it lets a new one read.
 */
export const PATIENT_RETRY: RetryOptions = { ...QUICK_RETRY, retries: 25 };

/**
 * A client of kafkajs. Each member and each producer needs one of its own: consumers of one client and
 * group share their table of offsets.
 */
export function createClient(
  { brokers, clientId, ssl, sasl, onNotice }: KafkaOptions,
  retry: RetryOptions,
): Kafka {
  const { Kafka, logLevel } = loadKafkajs();
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId: clientId ?? 'assay',
    ssl,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    authenticationTimeout: LOGIN_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry,
    socketFactory: openSocket,
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => onNotice?.(toNotice(entry)),
  };
  // A copy, since kafkajs keeps its authenticator in it. It has a type per mechanism; these three are alike.
  if (sasl !== undefined) config.sasl = { ...sasl } as SASLOptions;
  return new Kafka(config);
}

function toNotice({ namespace, log }: LogEntry): string {
  // What is in an entry beside its message differs from line to line.
  const { message, ...facts }: Readonly<Record<string, unknown>> = log;
  const { error, topic, partition, broker } = facts;
  const place = [
    typeof broker === 'string' ? ` at ${broker}` : '',
    typeof topic === 'string' ? ` for ${topic}` : '',
    typeof partition === 'number' ? `/${partition}` : '',
    typeof error === 'string' ? `: ${error}` : '',
  ];
  return `kafkajs ${namespace}: ${String(message)}${place.join('')}`;
}
