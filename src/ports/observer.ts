import type { Position, TopicPartition } from '../core/position.ts';
import type { PassReason, PickEnd } from '../core/decisions.ts';
import type { DeadLetterReason } from '../core/dead-letter.ts';

/** A scorer and its version, as telemetry names it. */
export interface ScorerRef {
  readonly experimentId: string;
  readonly name: string;
  readonly version: number;
}

/**
 * Everything the engine has to say. It never logs: adapters/telemetry turns these into log lines
 * and counters. Events about single traces are counted, not printed.
 */
export type EngineEvent =
  // Single records and picks: counted only.
  | { readonly kind: 'record_received'; readonly position: Position; readonly bytes: number }
  | { readonly kind: 'record_skipped'; readonly position: Position; readonly reason: 'redelivered' }
  | { readonly kind: 'tombstone'; readonly position: Position }
  | {
      readonly kind: 'dead_lettered';
      readonly position: Position;
      readonly reason: DeadLetterReason;
      readonly stage: 'decode' | 'archive';
      readonly detail: string;
    }
  | {
      readonly kind: 'decoded';
      readonly position: Position;
      readonly experimentId: string;
      readonly traceId: string;
      readonly scorersInForce: number;
    }
  | { readonly kind: 'archived'; readonly position: Position }
  | { readonly kind: 'not_archived'; readonly position: Position }
  | {
      readonly kind: 'passed';
      readonly position: Position;
      readonly scorer: ScorerRef;
      readonly reason: PassReason;
    }
  | {
      readonly kind: 'picked';
      readonly position: Position;
      readonly scorer: ScorerRef;
      readonly pickKey: string;
    }
  | {
      readonly kind: 'scorer_called';
      readonly position: Position;
      readonly scorer: ScorerRef;
      /** Time in the scorer itself, without waiting for a place. */
      readonly scoringMs: number;
    }
  | {
      readonly kind: 'pick_ended';
      readonly position: Position;
      readonly scorer: ScorerRef;
      readonly pickKey: string;
      readonly end: PickEnd;
    }
  | {
      readonly kind: 'pick_dropped';
      readonly position: Position;
      readonly scorer: ScorerRef;
      readonly pickKey: string;
    }
  | {
      readonly kind: 'published';
      readonly position: Position;
      readonly events: number;
      readonly sinceRecordMs: number;
    }
  | { readonly kind: 'record_done'; readonly position: Position }
  // The life of partitions and of the process: logged.
  | {
      readonly kind: 'partition_claimed';
      readonly partition: TopicPartition;
      readonly epoch: number;
      readonly fromOffset: number;
      readonly republished: number;
    }
  | { readonly kind: 'partition_kept'; readonly partition: TopicPartition }
  | {
      readonly kind: 'partition_lost';
      readonly partition: TopicPartition;
      readonly inFlight: number;
    }
  | { readonly kind: 'claim_lost'; readonly partition: TopicPartition }
  | {
      readonly kind: 'offset_committed';
      readonly partition: TopicPartition;
      readonly offset: number;
      readonly open: number;
    }
  | {
      readonly kind: 'intake_paused';
      readonly reason: 'traces' | 'bytes' | 'distance' | 'done_set';
      readonly partition: TopicPartition | null;
    }
  | { readonly kind: 'intake_resumed'; readonly partition: TopicPartition | null }
  /** Something that operators must look into; `lost` counts records that can no longer be read. */
  | {
      readonly kind: 'alarm';
      readonly code: 'OFFSET_OUT_OF_RANGE' | 'TOPIC_RECREATED' | 'COMMIT_BEYOND_END';
      readonly partition: TopicPartition;
      readonly detail: string;
      readonly lost: number;
    }
  | {
      readonly kind: 'dependency_down';
      readonly dependency: 'kafka' | 'postgres';
      readonly code: string;
      readonly detail: string;
      readonly retryInMs: number;
    }
  | {
      readonly kind: 'dependency_up';
      readonly dependency: 'kafka' | 'postgres';
      readonly downForMs: number;
    }
  | { readonly kind: 'config_changed'; readonly revision: number; readonly scorers: number }
  | { readonly kind: 'scorer_unavailable'; readonly scorer: ScorerRef; readonly detail: string }
  | { readonly kind: 'topics_created'; readonly topics: readonly string[] }
  | {
      readonly kind: 'state';
      readonly state: 'starting' | 'running' | 'draining' | 'stopped';
      readonly detail: string | null;
    };

export interface Observer {
  /** Takes an event; never throws, never waits. */
  report(event: EngineEvent): void;
}
