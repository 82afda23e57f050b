import { partitionKey, type TopicPartition } from '../../core/position.ts';
import type { EngineEvent, ScorerRef } from '../../ports/observer.ts';
import type { LogLevel, LogLine } from './logger.ts';

type EventOf<Kind extends EngineEvent['kind']> = Extract<EngineEvent, { readonly kind: Kind }>;

/**
 * The log line of an event that has one of its own. undefined for events that are only counted, and for
 * those whose lines are held back so that they do not flood: dead letters and outages.
 */
export function describeEvent(event: EngineEvent): LogLine | undefined {
  switch (event.kind) {
    case 'partition_claimed':
    case 'partition_kept':
    case 'partition_lost':
    case 'claim_lost':
    case 'offset_committed':
      return describePartition(event);
    case 'intake_paused':
    case 'intake_resumed':
      return describeIntake(event);
    case 'alarm':
      return describeAlarm(event);
    case 'config_changed': {
      const { revision, scorers } = event;
      return line('info', event, `configuration revision ${revision}: ${scorers} scorers`);
    }
    case 'scorer_unavailable':
      return line('warn', event, `scorer ${nameOf(event.scorer)} cannot run: ${event.detail}`);
    case 'topics_created':
      return line('info', event, `created topics ${event.topics.join(', ')}`);
    case 'state':
      return line(
        'info',
        event,
        event.detail === null ? event.state : `${event.state}: ${event.detail}`,
      );
    case 'record_received':
    case 'record_skipped':
    case 'tombstone':
    case 'dead_lettered':
    case 'decoded':
    case 'archived':
    case 'not_archived':
    case 'passed':
    case 'picked':
    case 'scorer_called':
    case 'pick_ended':
    case 'pick_dropped':
    case 'published':
    case 'record_done':
    case 'dependency_down':
    case 'dependency_up':
      return undefined;
  }
}

function describePartition(
  event: EventOf<
    'partition_claimed' | 'partition_kept' | 'partition_lost' | 'claim_lost' | 'offset_committed'
  >,
): LogLine {
  const name = partitionKey(event.partition);
  switch (event.kind) {
    case 'partition_claimed': {
      const { fromOffset, republished } = event;
      const again = republished === 0 ? '' : `, ${republished} stored results published again`;
      return line('info', event, `${name} is ours, from offset ${fromOffset}${again}`);
    }
    case 'partition_kept':
      return line('debug', event, `${name} stays ours`);
    case 'partition_lost':
      return line('info', event, `${name} is no longer ours; ${event.inFlight} records given up`);
    case 'claim_lost':
      return line('warn', event, `another instance has claimed ${name}`);
    case 'offset_committed':
      return line('debug', event, `${name} committed up to ${event.offset}`);
  }
}

/** At debug: under load intake stops and goes many times a second, which is as it should be. */
function describeIntake(event: EventOf<'intake_paused' | 'intake_resumed'>): LogLine {
  const where = event.partition === null ? 'all partitions' : partitionKey(event.partition);
  return event.kind === 'intake_paused'
    ? line('debug', event, `intake paused at ${where}: the limit for ${event.reason} is reached`)
    : line('debug', event, `intake goes on at ${where}`);
}

function describeAlarm(event: EventOf<'alarm'>): LogLine {
  const lost = event.lost === 0 ? '' : ` (${event.lost} records can no longer be read)`;
  return line(
    'error',
    event,
    `${event.code} at ${partitionKey(event.partition)}: ${event.detail}${lost}`,
  );
}

interface LoggedEvent {
  readonly kind: string;
  readonly partition?: TopicPartition | null;
  readonly scorer?: ScorerRef;
}

/** All facts of the event as fields, flat enough to be searched: `topic`, `partition`, `scorer`. */
function line(level: LogLevel, event: LoggedEvent, message: string): LogLine {
  const { kind, partition, scorer, ...facts } = event;
  return { level, fields: { event: kind, ...partition, ...toFields(scorer), ...facts }, message };
}

function toFields(scorer: ScorerRef | undefined) {
  if (scorer === undefined) return {};
  return { scorer: scorer.name, version: scorer.version, experimentId: scorer.experimentId };
}

function nameOf({ name, version, experimentId }: ScorerRef): string {
  return `${name} (version ${version}, experiment ${experimentId})`;
}
