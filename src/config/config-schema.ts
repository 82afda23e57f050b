import { z } from 'zod';
import {
  byteSize,
  files,
  hostPorts,
  httpUrl,
  loopbackHost,
  onOff,
  oneOf,
  postgresUrl,
  secretText,
  text,
  topic,
  topics,
  wholeNumber,
} from './setting-types.ts';

/** What people need to know about a setting. */
export interface SettingInfo {
  readonly description: string;
  readonly example: string;
  /** Never quoted, neither in errors nor in listings. */
  readonly secret?: true;
}

/** Descriptions of settings, by their schema. */
export const settingInfos = z.registry<SettingInfo>();

const MILLISECONDS = { min: 1, max: 86_400_000 } as const;
const COUNT = { min: 1, max: 1_000_000 } as const;
const MIB = 1024 ** 2;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const delivery = z.enum(['at-least-once'], { error: deliveryError }).default('at-least-once');

function deliveryError({ input }: { readonly input?: unknown }): string {
  return input === 'exactly-once'
    ? 'exactly-once is not offered by this version; use at-least-once: nothing is lost, and a repeat after a crash is the same message with the same feedback_id'
    : 'expected at-least-once';
}

const feedbackFormat = z.enum(['json'], { error: feedbackFormatError }).default('json');

function feedbackFormatError({ input }: { readonly input?: unknown }): string {
  return input === 'avro' ? 'avro is not offered by this version; use json' : 'expected json';
}

// Refused rather than ignored: who sets it counts on it.
const REDACT_ERROR =
  'redaction is not offered by this version: traces would be stored as they come; unset it to accept that';

/** Every setting. The key gives variable, path and flag (setting-names.ts). */
export const configSchema = z.object({
  kafkaBrokers: hostPorts()
    .optional()
    .register(settingInfos, { description: 'Kafka brokers', example: 'localhost:9092' }),
  kafkaSsl: onOff()
    .default(false)
    .register(settingInfos, { description: 'TLS to Kafka', example: 'on' }),
  kafkaSaslMechanism: oneOf(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .register(settingInfos, { description: 'how to log in to Kafka', example: 'scram-sha-512' }),
  kafkaSaslUsername: text()
    .optional()
    .register(settingInfos, { description: 'user name for Kafka', example: 'assay' }),
  kafkaSaslPassword: secretText()
    .optional()
    .register(settingInfos, { description: 'password for Kafka', example: '…', secret: true }),
  kafkaSessionTimeoutMs: wholeNumber({ min: 1_000, max: 300_000 })
    .default(15_000)
    .register(settingInfos, {
      description:
        'an instance that Kafka has not heard of for so long loses its partitions to the others',
      example: '15000',
    }),
  traceTopics: topics()
    .default(['traces'])
    .register(settingInfos, { description: 'topics with traces', example: 'traces' }),
  feedbackTopic: topic()
    .default('feedback')
    .register(settingInfos, { description: 'topic for feedback', example: 'feedback' }),
  deadLetterTopic: topic().default('traces.dead-letter').register(settingInfos, {
    description: 'topic for records that could not be read',
    example: 'traces.dead-letter',
  }),
  createTopics: onOff()
    .default(true)
    .register(settingInfos, { description: 'create missing topics at start', example: 'off' }),
  groupId: text()
    .default('assay')
    .register(settingInfos, { description: 'consumer group', example: 'assay' }),
  feedbackFormat: feedbackFormat.register(settingInfos, {
    description: 'format of feedback events',
    example: 'json',
  }),
  delivery: delivery.register(settingInfos, {
    description: 'delivery guarantee of feedback',
    example: 'at-least-once',
  }),
  databaseUrl: postgresUrl().optional().register(settingInfos, {
    description: 'Postgres',
    example: 'postgres://assay@localhost:5432/assay',
    secret: true,
  }),
  httpHost: loopbackHost()
    .default('127.0.0.1')
    .register(settingInfos, { description: 'host the API listens on', example: '127.0.0.1' }),
  httpPort: wholeNumber({ min: 0, max: 65_535 }).default(8080).register(settingInfos, {
    description: 'port the API listens on; 0 takes a free one',
    example: '8080',
  }),
  scorers: files().default([]).register(settingInfos, {
    description: 'module files with scorers, separated by commas',
    example: 'scorers.ts',
  }),
  maxInFlightTraces: wholeNumber(COUNT)
    .default(2000)
    .register(settingInfos, { description: 'traces worked on at once', example: '2000' }),
  maxInFlightBytes: byteSize()
    .default(128 * MIB)
    .register(settingInfos, {
      description: 'bytes of traces worked on at once',
      example: '128MiB',
    }),
  maxTraceBytes: byteSize()
    .default(10 * MIB)
    .register(settingInfos, { description: 'larger records are dead letters', example: '10MiB' }),
  scorerTimeoutMs: wholeNumber(MILLISECONDS).default(30_000).register(settingInfos, {
    description: 'time for one call of a scorer that sets none itself',
    example: '30000',
  }),
  scorerConcurrency: wholeNumber({ min: 1, max: 10_000 })
    .default(64)
    .register(settingInfos, { description: 'calls at once per scorer', example: '64' }),
  maxScorersPerExperiment: wholeNumber(COUNT).default(20).register(settingInfos, {
    description: 'scorers registered and not deleted',
    example: '20',
  }),
  shutdownGraceMs: wholeNumber({ min: 0, max: MILLISECONDS.max })
    .default(25_000)
    .register(settingInfos, {
      description: 'time for what is in flight at shutdown',
      example: '25000',
    }),
  logLevel: oneOf(LOG_LEVELS)
    .default('info')
    .register(settingInfos, { description: 'log level', example: 'debug' }),
  url: httpUrl().default('http://127.0.0.1:8080').register(settingInfos, {
    description: 'the service that commands talk to',
    example: 'http://127.0.0.1:8080',
  }),
  apiKey: secretText().optional().register(settingInfos, {
    description: 'API key that commands send',
    example: '…',
    secret: true,
  }),
  experimentId: text().default('0').register(settingInfos, {
    description: 'experiment that commands mean when none is given',
    example: '0',
  }),
  samplingCohort: text().default('default').register(settingInfos, {
    description: 'salt of the sampling position; a new cohort is a new sample',
    example: 'default',
  }),
  archive: onOff().default(true).register(settingInfos, {
    description: 'archive experiments that do not say for themselves',
    example: 'on',
  }),
  redact: z.never({ error: REDACT_ERROR }).optional().register(settingInfos, {
    description: 'module that sees each trace first (not in this version)',
    example: '',
  }),
});

export type Config = Readonly<z.output<typeof configSchema>>;
export type SettingKey = keyof Config;

export const SETTING_KEYS = Object.keys(configSchema.shape) as readonly SettingKey[];

export function settingInfo(key: SettingKey): SettingInfo {
  return settingInfos.get(configSchema.shape[key]) ?? { description: key, example: '…' };
}
