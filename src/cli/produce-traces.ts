import { decodeTrace } from '../core/decode/decode-trace.ts';
import { AssayError } from '../core/errors.ts';
import type { MessageProducer, OutgoingMessage } from '../ports/broker.ts';
import type { Line } from './read-lines.ts';

export interface ProduceOptions {
  readonly topic: string;
  /** Sends lines that are no traces too, without a key. */
  readonly raw: boolean;
  /** A longer line is no trace: the service would not take it. */
  readonly maxTraceBytes: number;
  readonly signal: AbortSignal;
  /** Called after each batch. */
  readonly onProgress: (records: number) => void;
}

export interface Produced {
  readonly records: number;
  /** Records by partition. */
  readonly partitions: ReadonlyMap<number, number>;
}

const MAX_BATCH_RECORDS = 500;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** Throws BAD_REQUEST with the number of the first line that is no trace. */
export async function checkTraces(
  lines: AsyncIterable<Line>,
  { maxTraceBytes }: Pick<ProduceOptions, 'maxTraceBytes'>,
): Promise<void> {
  for await (const line of lines) traceIdOf(line, maxTraceBytes);
}

/**
 * Sends one record per line, keyed by trace id, to the partition that Kafka's own clients would choose.
 * Holds one batch at a time. Ends early when the signal says so; what was sent was acknowledged.
 */
export async function produceTraces(
  producer: MessageProducer,
  lines: AsyncIterable<Line>,
  options: ProduceOptions,
): Promise<Produced> {
  const { topic, signal, onProgress } = options;
  const partitionCount = await producer.partitionCount(topic);
  const partitions = new Map<number, number>();
  let records = 0;
  for await (const batch of toBatches(lines)) {
    if (signal.aborted) break;
    const byPartition = new Map<number, OutgoingMessage[]>();
    for (const [index, line] of batch.entries()) {
      const message = toMessage(line, options);
      const partition =
        message.key === null
          ? (records + index) % partitionCount
          : await producer.partitionOf(topic, message.key);
      const messages = byPartition.get(partition) ?? [];
      messages.push(message);
      byPartition.set(partition, messages);
    }
    await Promise.all(
      [...byPartition].map(([partition, messages]) =>
        producer.send({ topic, partition }, messages),
      ),
    );
    for (const [partition, messages] of byPartition) {
      partitions.set(partition, (partitions.get(partition) ?? 0) + messages.length);
    }
    records += batch.length;
    onProgress(records);
  }
  return { records, partitions };
}

async function* toBatches(lines: AsyncIterable<Line>): AsyncGenerator<readonly Line[]> {
  let batch: Line[] = [];
  let bytes = 0;
  for await (const line of lines) {
    batch.push(line);
    bytes += line.bytes.length;
    if (batch.length < MAX_BATCH_RECORDS && bytes < MAX_BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

function toMessage(line: Line, { raw, maxTraceBytes }: ProduceOptions): OutgoingMessage {
  const key = raw ? rawKey(line) : new TextEncoder().encode(traceIdOf(line, maxTraceBytes));
  return { key, value: line.bytes, headers: [] };
}

function rawKey({ bytes }: Line): Uint8Array | null {
  const decoded = decodeTrace(bytes);
  return decoded.ok ? new TextEncoder().encode(decoded.trace.info.traceId) : null;
}

function traceIdOf({ number, bytes }: Line, maxBytes: number): string {
  const decoded = decodeTrace(bytes, { maxBytes });
  if (decoded.ok) return decoded.trace.info.traceId;
  const { reason, detail, field } = decoded;
  const where = field === null ? '' : `${field}: `;
  const message = `line ${number} is not a trace that Assay can read: ${where}${detail}; --raw sends every line as it is`;
  throw new AssayError('BAD_REQUEST', message, { context: { line: number, reason, field } });
}
