import type { ErrorCode } from '../../core/errors.ts';

export interface CodeMeaning {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  /** What people can do about it. */
  readonly advice?: string;
}

const UNAVAILABLE: CodeMeaning = { code: 'BROKER_UNAVAILABLE', retryable: true };
const REFUSED: CodeMeaning = { code: 'BROKER_REFUSED', retryable: false };
const MEMBERSHIP_LOST: CodeMeaning = { code: 'GROUP_MEMBERSHIP_LOST', retryable: false };
const TOO_LARGE: CodeMeaning = {
  code: 'MESSAGE_TOO_LARGE',
  retryable: false,
  advice:
    'raise max.message.bytes of the topic to 1000000 or more: one feedback or dead letter may be that large',
};
const AUTHENTICATION: CodeMeaning = {
  code: 'BROKER_AUTHENTICATION_FAILED',
  retryable: false,
  advice:
    'check ASSAY_KAFKA_SASL_MECHANISM, ASSAY_KAFKA_SASL_USERNAME and ASSAY_KAFKA_SASL_PASSWORD',
};
const NO_RIGHT: CodeMeaning = { ...REFUSED, advice: 'give the user this right (ACL)' };

/**
 * What the error codes of the Kafka protocol mean to Assay; the names are those of the protocol guide.
 * docs/error-handling.md lists them.
 */
export const PROTOCOL_CODES: ReadonlyMap<number, CodeMeaning> = new Map([
  // kafkajs knows codes up to 88 and calls all later ones -99; what they mean cannot be told.
  [-99, UNAVAILABLE],
  [-1, UNAVAILABLE], // UNKNOWN_SERVER_ERROR
  [2, UNAVAILABLE], // CORRUPT_MESSAGE
  [
    3, // UNKNOWN_TOPIC_OR_PARTITION: it may be made, and a broker may be the last to hear of it
    {
      code: 'TOPIC_NOT_FOUND',
      retryable: true,
      advice: 'create the topic, or set ASSAY_CREATE_TOPICS=true and start again',
    },
  ],
  [5, UNAVAILABLE], // LEADER_NOT_AVAILABLE
  [6, UNAVAILABLE], // NOT_LEADER_OR_FOLLOWER
  [7, UNAVAILABLE], // REQUEST_TIMED_OUT
  [8, UNAVAILABLE], // BROKER_NOT_AVAILABLE
  [9, UNAVAILABLE], // REPLICA_NOT_AVAILABLE
  [10, TOO_LARGE], // MESSAGE_TOO_LARGE
  [13, UNAVAILABLE], // NETWORK_EXCEPTION
  [14, UNAVAILABLE], // COORDINATOR_LOAD_IN_PROGRESS
  [15, UNAVAILABLE], // COORDINATOR_NOT_AVAILABLE
  [16, UNAVAILABLE], // NOT_COORDINATOR
  [18, TOO_LARGE], // RECORD_LIST_TOO_LARGE
  [19, UNAVAILABLE], // NOT_ENOUGH_REPLICAS
  [20, UNAVAILABLE], // NOT_ENOUGH_REPLICAS_AFTER_APPEND
  [22, MEMBERSHIP_LOST], // ILLEGAL_GENERATION
  [
    23, // INCONSISTENT_GROUP_PROTOCOL
    { ...REFUSED, advice: 'another kind of client uses this group; choose another ASSAY_GROUP_ID' },
  ],
  [25, MEMBERSHIP_LOST], // UNKNOWN_MEMBER_ID
  [
    26, // INVALID_SESSION_TIMEOUT
    {
      ...REFUSED,
      advice:
        'ASSAY_KAFKA_SESSION_TIMEOUT_MS must lie between group.min.session.timeout.ms and group.max.session.timeout.ms of the brokers',
    },
  ],
  [27, UNAVAILABLE], // REBALANCE_IN_PROGRESS: still a member, about to rejoin
  [29, NO_RIGHT], // TOPIC_AUTHORIZATION_FAILED
  [30, NO_RIGHT], // GROUP_AUTHORIZATION_FAILED
  [31, NO_RIGHT], // CLUSTER_AUTHORIZATION_FAILED
  [33, AUTHENTICATION], // UNSUPPORTED_SASL_MECHANISM
  [34, AUTHENTICATION], // ILLEGAL_SASL_STATE
  [41, UNAVAILABLE], // NOT_CONTROLLER
  // The idempotent producer's state is gone; a new producer works.
  [45, UNAVAILABLE], // OUT_OF_ORDER_SEQUENCE_NUMBER
  [46, UNAVAILABLE], // DUPLICATE_SEQUENCE_NUMBER
  [47, UNAVAILABLE], // INVALID_PRODUCER_EPOCH
  [49, UNAVAILABLE], // INVALID_PRODUCER_ID_MAPPING
  [56, UNAVAILABLE], // KAFKA_STORAGE_ERROR
  [58, AUTHENTICATION], // SASL_AUTHENTICATION_FAILED
  [59, UNAVAILABLE], // UNKNOWN_PRODUCER_ID
  [70, UNAVAILABLE], // FETCH_SESSION_ID_NOT_FOUND
  [71, UNAVAILABLE], // INVALID_FETCH_SESSION_EPOCH
  [72, UNAVAILABLE], // LISTENER_NOT_FOUND
  [74, UNAVAILABLE], // FENCED_LEADER_EPOCH
  [75, UNAVAILABLE], // UNKNOWN_LEADER_EPOCH
  [78, UNAVAILABLE], // OFFSET_NOT_AVAILABLE
  [80, UNAVAILABLE], // PREFERRED_LEADER_NOT_AVAILABLE
  [82, MEMBERSHIP_LOST], // FENCED_INSTANCE_ID
  [83, UNAVAILABLE], // ELIGIBLE_LEADERS_NOT_AVAILABLE
  [88, UNAVAILABLE], // UNSTABLE_OFFSET_COMMIT
]);

/** What every other code means: a refusal for good. */
export const OTHER_PROTOCOL_CODES: CodeMeaning = REFUSED;

export function meaningOfCode(code: number): CodeMeaning {
  return PROTOCOL_CODES.get(code) ?? OTHER_PROTOCOL_CODES;
}
