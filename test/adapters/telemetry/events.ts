import type { DeadLetterReason } from '../../../src/core/dead-letter.ts';
import type { EngineEvent, ScorerRef } from '../../../src/ports/observer.ts';
import type { LogLine, Logger } from '../../../src/adapters/telemetry/logger.ts';

export const safety: ScorerRef = { experimentId: '0', name: 'safety', version: 3 };
export const length: ScorerRef = { experimentId: '0', name: 'length', version: 1 };

export function at(offset: number, partition = 0) {
  return { topic: 'traces', partition, offset };
}

export function received(offset: number): EngineEvent {
  return { kind: 'record_received', position: at(offset), bytes: 100 };
}

export function decoded(offset: number, scorersInForce: number): EngineEvent {
  const position = at(offset);
  return { kind: 'decoded', position, experimentId: '0', traceId: `tr-${offset}`, scorersInForce };
}

export function archived(offset: number): EngineEvent {
  return { kind: 'archived', position: at(offset) };
}

export function refused(
  offset: number,
  stage: 'decode' | 'archive',
  reason: DeadLetterReason = stage === 'decode' ? 'MALFORMED' : 'ROW_REFUSED',
): EngineEvent {
  return {
    kind: 'dead_lettered',
    position: at(offset),
    reason,
    stage,
    detail: `refused at ${stage}`,
  };
}

export function picked(offset: number, scorer: ScorerRef = safety): EngineEvent {
  return { kind: 'picked', position: at(offset), scorer, pickKey: `key-${scorer.name}` };
}

export function passed(offset: number, scorer: ScorerRef = safety): EngineEvent {
  return { kind: 'passed', position: at(offset), scorer, reason: 'sampled_out' };
}

export function ended(offset: number, scorer: ScorerRef = safety): EngineEvent {
  const pickKey = `key-${scorer.name}`;
  return { kind: 'pick_ended', position: at(offset), scorer, pickKey, end: 'scored' };
}

export function dropped(offset: number, scorer: ScorerRef = safety): EngineEvent {
  return { kind: 'pick_dropped', position: at(offset), scorer, pickKey: `key-${scorer.name}` };
}

export function published(offset: number, sinceRecordMs: number): EngineEvent {
  return { kind: 'published', position: at(offset), events: 1, sinceRecordMs };
}

/** A logger that keeps its lines. */
export function collectingLogger(): { readonly logger: Logger; readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine['level']): Logger['info'] =>
    (fields, message) =>
      lines.push({ level, fields, message });
  const logger = {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
  };
  return { logger, lines };
}
