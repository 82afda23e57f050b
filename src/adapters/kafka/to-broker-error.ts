import { AssayError } from '../../core/errors.ts';
import { type CodeMeaning, meaningOfCode } from './protocol-codes.ts';

/**
 * Translates whatever kafkajs throws, by its class name, by protocol code or errno, never by text.
 * `doing` completes the words "cannot …"; `brokers` are the configured addresses, `host:port`.
 */
export function toBrokerError(
  error: unknown,
  doing: string,
  brokers: readonly string[],
): AssayError {
  const cause = innermost(error);
  if (cause instanceof AssayError) return cause;
  const { code, retryable, says, advice, context = {} } = explain(cause, brokers);
  const hint = advice === undefined ? '' : `; ${advice}`;
  return new AssayError(code, `cannot ${doing}: ${says}${hint}`, {
    retryable,
    context: { brokers, ...context },
    cause: error,
  });
}

/** The error for an answer that did not come in time. */
export function noAnswer(doing: string, brokers: readonly string[], afterMs: number): AssayError {
  return new AssayError(
    'BROKER_UNAVAILABLE',
    `cannot ${doing}: ${nameOf(brokers)} has not answered for ${afterMs / 1_000} seconds; ${CHECK_BROKERS}`,
    { retryable: true, context: { brokers } },
  );
}

const CHECK_BROKERS = 'check that it runs, and ASSAY_KAFKA_BROKERS';
const CHECK_LOGIN =
  'a broker that wants TLS or a login closes the connection: check ASSAY_KAFKA_SSL and ASSAY_KAFKA_SASL_MECHANISM';

interface Explanation extends CodeMeaning {
  readonly says: string;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What kafkajs adds to Error; which of it is there depends on the class. */
interface KafkajsError extends Error {
  readonly retriable?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly broker?: unknown;
}

/** Unwraps what the retries of kafkajs put around an error, and takes the first of several. */
function innermost(error: unknown): unknown {
  if (error instanceof AssayError || !(error instanceof Error)) return error;
  if (error.name === 'KafkaJSAggregateError' && 'errors' in error && Array.isArray(error.errors)) {
    return innermost(error.errors[0]);
  }
  return error.name.startsWith('KafkaJS') && error.cause instanceof Error
    ? innermost(error.cause)
    : error;
}

function explain(error: unknown, brokers: readonly string[]): Explanation {
  if (!(error instanceof Error)) return fault(String(error));
  const { name, message, code, type, retriable }: KafkajsError = error;
  const kafka = nameOf(brokers);
  if (typeof code === 'number') {
    const says = `${kafka} says: ${message}`;
    return { ...meaningOfCode(code), says, context: { protocolCode: code, protocolName: type } };
  }
  const known = ERROR_CLASSES.get(name);
  if (known?.code === 'BROKER_UNAVAILABLE') return explainUnreachable(error, brokers);
  if (known !== undefined) return { ...known, says: `${kafka} says: ${message}` };
  return retriable === true
    ? { code: 'BROKER_UNAVAILABLE', retryable: true, says: message }
    : fault(message);
}

const SASL_AUTHENTICATION_FAILED = 58;

/** For a cluster that is not there, or not as a whole. Some of the classes claim not to be retriable. */
const UNREACHABLE: CodeMeaning = { code: 'BROKER_UNAVAILABLE', retryable: true };

/**
 * What the error classes of kafkajs mean that carry no protocol code. Any other means BROKER_UNAVAILABLE if
 * it says of itself that it is retriable, and a fault otherwise. docs/error-handling.md lists them.
 */
export const ERROR_CLASSES: ReadonlyMap<string, CodeMeaning> = new Map([
  ['KafkaJSConnectionError', UNREACHABLE],
  ['KafkaJSConnectionClosedError', UNREACHABLE],
  ['KafkaJSRequestTimeoutError', UNREACHABLE],
  ['KafkaJSBrokerNotFound', UNREACHABLE],
  ['KafkaJSNoBrokerAvailableError', UNREACHABLE],
  ['KafkaJSGroupCoordinatorNotFound', UNREACHABLE],
  ['KafkaJSMetadataNotLoaded', UNREACHABLE],
  ['KafkaJSTopicMetadataNotLoaded', UNREACHABLE],
  ['KafkaJSTimeout', UNREACHABLE],
  ['KafkaJSLockTimeout', UNREACHABLE],
  ['KafkaJSSASLAuthenticationError', meaningOfCode(SASL_AUTHENTICATION_FAILED)],
  [
    'KafkaJSServerDoesNotSupportApiKey',
    {
      code: 'BROKER_REFUSED',
      retryable: false,
      advice: 'it lacks a request that Assay needs: use a newer Kafka',
    },
  ],
]);

function explainUnreachable(error: KafkajsError, brokers: readonly string[]): Explanation {
  const { message, code, broker } = error;
  const context = { errno: code, broker };
  if (typeof code === 'string' && isCertificateTrouble(code)) {
    return {
      code: 'BROKER_UNAVAILABLE',
      retryable: false,
      says: `TLS to ${nameOf(brokers)} fails (${message})`,
      advice: 'check ASSAY_KAFKA_SSL and the certificates (NODE_EXTRA_CA_CERTS)',
      context,
    };
  }
  return {
    code: 'BROKER_UNAVAILABLE',
    retryable: true,
    says: `${nameOf(brokers)} does not answer (${message})`,
    advice: adviceFor(error, brokers),
    context,
  };
}

function adviceFor({ name, broker }: KafkajsError, brokers: readonly string[]): string {
  if (typeof broker === 'string' && !brokers.includes(broker)) {
    return `the cluster gave out the address ${broker} (its advertised.listeners): it must be reachable from here`;
  }
  return name === 'KafkaJSConnectionClosedError' ? CHECK_LOGIN : CHECK_BROKERS;
}

const CERTIFICATE_ERRNOS: ReadonlySet<string> = new Set([
  'EPROTO',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

function isCertificateTrouble(errno: string): boolean {
  return CERTIFICATE_ERRNOS.has(errno) || /^ERR_(TLS|SSL)_/.test(errno);
}

function nameOf(brokers: readonly string[]): string {
  return `Kafka at ${brokers.join(', ')}`;
}

function fault(says: string): Explanation {
  return { code: 'INTERNAL', retryable: false, says };
}
