import { AssayError } from '../core/errors.ts';
import type { Stack } from './start-stack.ts';

/** The stack's brokers, for those who cannot do without: throws STACK_UNAVAILABLE with what to install. */
export function requireKafka(
  stack: Pick<Stack, 'kafkaBrokers' | 'kafkaMissing'>,
): readonly string[] {
  if (stack.kafkaBrokers !== null) return stack.kafkaBrokers;
  throw new AssayError(
    'STACK_UNAVAILABLE',
    `Kafka cannot be provided: ${stack.kafkaMissing ?? 'for no known reason'}. Start Docker, or install Java 17 or newer and Maven, or name a cluster in ASSAY_KAFKA_BROKERS.`,
  );
}
