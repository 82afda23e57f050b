import type { IHeaders, Message, Producer } from 'kafkajs';
import { AssayError } from '../../core/errors.ts';
import type { TopicPartition } from '../../core/position.ts';
import type { RecordHeader } from '../../core/record.ts';
import type { OutgoingMessage } from '../../ports/broker.ts';
import { createClient, PATIENT_RETRY } from './create-client.ts';
import type { KafkaOptions } from './kafka-options.ts';
import { loadKafkajs } from './load-kafkajs.ts';
import { noAnswer, toBrokerError } from './to-broker-error.ts';
import { settle, within } from './within.ts';

const CONNECT_WITHIN_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;
/** Less than the time-out of a request, so that it is the broker who says that replicas are missing. */
const REPLICATE_WITHIN_MS = 10_000;
const ALL_REPLICAS = -1;

/**
 * One producer id with its sequence numbers. Whoever uses it sends one batch at a time to a partition,
 * and throws it away after any error but a refusal of the size: kafkajs takes the numbers of a failed
 * batch back, though the broker may have written it, and would then lose the next batch as a repeat.
 */
export class IdempotentProducer {
  readonly #brokers: readonly string[];
  readonly #producer: Producer;
  #connecting: Promise<void> | undefined;
  #underWay = 0;
  /** Takes no more batches. */
  #retired = false;
  #closed = false;

  constructor(options: KafkaOptions) {
    this.#brokers = options.brokers;
    const { logLevel } = loadKafkajs();
    const client = createClient(options, PATIENT_RETRY);
    // Warns that a limited number of tries can break idempotence, which is why this class is thrown away.
    client.logger().setLogLevel(logLevel.ERROR);
    this.#producer = client.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: () => {
        return ({ message }) => message.partition ?? 0;
      },
      metadataMaxAge: 60_000,
    });
  }

  /** The same promise for every caller. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connect();
    return this.#connecting;
  }

  async #connect(): Promise<void> {
    const doing = 'connect a producer';
    const late = () => noAnswer(doing, this.#brokers, CONNECT_WITHIN_MS);
    const connected = this.#producer.connect();
    try {
      await within(CONNECT_WITHIN_MS, connected, late);
    } catch (error) {
      this.#retired = true;
      // It may still connect, after all.
      void connected.catch(() => undefined).then(() => this.#disconnect());
      throw toBrokerError(error, doing, this.#brokers);
    }
  }

  /** Writes one batch. Throws when it is not certain that all of it was written. */
  async send(destination: TopicPartition, batch: readonly OutgoingMessage[]): Promise<void> {
    const { topic, partition } = destination;
    const doing = `write ${batch.length} messages to ${topic}/${partition}`;
    if (this.#retired) throw discarded(doing);
    this.#underWay++;
    try {
      const answers = await this.#producer.send({
        topic,
        acks: ALL_REPLICAS,
        timeout: REPLICATE_WITHIN_MS,
        messages: batch.map((message) => toMessage(message, partition)),
      });
      // kafkajs answers without a word for a partition that it does not know, or lost sight of at a failover.
      const written = answers.some(
        (answer) =>
          answer.topicName === topic &&
          answer.partition === partition &&
          Number(answer.baseOffset ?? -1) >= 0,
      );
      if (!written) throw notAcknowledged(doing);
    } catch (error) {
      // kafkajs takes a send to a producer that is being closed for a mistake of the program.
      if (this.#closed) throw discarded(doing);
      throw toBrokerError(error, doing, this.#brokers);
    } finally {
      this.#underWay--;
      void this.#disconnectIfUnused();
    }
  }

  /** Takes no more batches, and disconnects when those under way have ended; does not wait for them. */
  async retire(): Promise<void> {
    this.#retired = true;
    await this.#disconnectIfUnused();
  }

  /** Disconnects at once: what is under way fails, and may have been written or not. */
  async close(): Promise<void> {
    this.#retired = true;
    this.#closed = true;
    await this.#disconnect();
  }

  async #disconnectIfUnused(): Promise<void> {
    if (this.#retired && this.#underWay === 0) await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
    await settle(CLOSE_WITHIN_MS, this.#producer.disconnect());
  }
}

function toMessage(
  { key, value, headers, timestampMs }: OutgoingMessage,
  partition: number,
): Message {
  return {
    partition,
    key: toBuffer(key),
    value: toBuffer(value),
    headers: toHeaders(headers),
    ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
  };
}

/** Headers of one name go in one list. A header without a value is null, which only the types do not know. */
function toHeaders(headers: readonly RecordHeader[]): IHeaders {
  const byName = new Map<string, Buffer[]>();
  for (const { key, value } of headers) {
    const values = byName.get(key) ?? [];
    values.push(toBuffer(value) as Buffer);
    byName.set(key, values);
  }
  return Object.fromEntries(byName);
}

/** A view; kafkajs takes only Buffers for bytes. */
function toBuffer(bytes: Uint8Array | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function discarded(doing: string): AssayError {
  const says = `cannot ${doing}: the producer was closed`;
  return new AssayError('BROKER_UNAVAILABLE', says, { retryable: true });
}

function notAcknowledged(doing: string): AssayError {
  const says = `cannot ${doing}: the broker has not acknowledged them; they may be written all the same`;
  return new AssayError('BROKER_UNAVAILABLE', says, { retryable: true });
}
