import type { DeadLetterReason } from '../../core/dead-letter.ts';
import { PASS_REASONS, PICK_ENDS } from '../../core/decisions.ts';
import { type Position, partitionKey } from '../../core/position.ts';
import type { Totals } from '../../core/totals.ts';
import type { EngineEvent } from '../../ports/observer.ts';
import { ScorerCounters } from './count-scorers.ts';
import { Counts, keysOf } from './counts.ts';
import { Histogram } from './histogram.ts';
import { UndecidedTraces } from './undecided-traces.ts';

const DEAD_LETTER_REASONS: readonly DeadLetterReason[] = keysOf<DeadLetterReason>({
  MALFORMED: true,
  TOO_LARGE: true,
  UNKNOWN_SCHEMA: true,
  ROW_REFUSED: true,
  INTERNAL: true,
});

/** Folds the engine's events into totals. Counts only: no clock, no output. */
export class EventCounter {
  readonly #passes = new Counts(keysOf(PASS_REASONS));
  readonly #ends = new Counts(keysOf(PICK_ENDS));
  readonly #deadLetters = {
    decode: new Counts(DEAD_LETTER_REASONS),
    archive: new Counts(DEAD_LETTER_REASONS),
  };
  readonly #scorers = new ScorerCounters();
  readonly #latency = new Histogram();
  readonly #undecided = new UndecidedTraces();
  /** Picks that were made and have not ended, each once: trace, scorer and the record that asked. */
  readonly #open = new Set<string>();
  readonly #sums = {
    records: 0,
    bytes: 0,
    redelivered: 0,
    tombstones: 0,
    decoded: 0,
    archived: 0,
    notArchived: 0,
    scorersInForce: 0,
    scorersRefused: 0,
    picks: 0,
    dropped: 0,
    publishedResults: 0,
    publishedEvents: 0,
    recordsDone: 0,
  };

  count(event: EngineEvent): void {
    this.#countRecord(event);
    this.#countPick(event);
  }

  totals(): Totals {
    return {
      ...this.#sums,
      deadLetters: {
        decode: this.#deadLetters.decode.toRecord(),
        archive: this.#deadLetters.archive.toRecord(),
      },
      scorersUndecided: this.#undecided.scorers,
      passes: this.#passes.toRecord(),
      ends: this.#ends.toRecord(),
      inFlight: this.#open.size,
      latency: this.#latency.durations(),
      scorers: this.#scorers.totals(),
    };
  }

  #countRecord(event: EngineEvent): void {
    const sums = this.#sums;
    if (event.kind === 'record_received') {
      sums.records++;
      sums.bytes += event.bytes;
    } else if (event.kind === 'record_skipped') sums.redelivered++;
    else if (event.kind === 'tombstone') sums.tombstones++;
    else if (event.kind === 'record_done') sums.recordsDone++;
    else if (event.kind === 'decoded') {
      sums.decoded++;
      sums.scorersInForce += event.scorersInForce;
      this.#undecided.add(event.position, event.scorersInForce);
    } else if (event.kind === 'archived') {
      sums.archived++;
      this.#undecided.remove(event.position);
    } else if (event.kind === 'not_archived') {
      sums.notArchived++;
      this.#undecided.remove(event.position);
    } else if (event.kind === 'dead_lettered') {
      this.#deadLetters[event.stage].add(event.reason);
      // At decode there was no trace yet: this is 0 then.
      sums.scorersRefused += this.#undecided.remove(event.position);
    } else if (event.kind === 'partition_claimed') this.#undecided.forget(event.partition);
  }

  #countPick(event: EngineEvent): void {
    const sums = this.#sums;
    if (event.kind === 'passed') {
      this.#passes.add(event.reason);
      this.#scorers.passed(event.scorer, event.reason);
    } else if (event.kind === 'picked') {
      sums.picks++;
      this.#scorers.picked(event.scorer);
      this.#open.add(pickId(event));
    } else if (event.kind === 'scorer_called') {
      this.#scorers.called(event.scorer, event.scoringMs);
    } else if (event.kind === 'pick_ended') {
      this.#ends.add(event.end);
      this.#scorers.ended(event.scorer, event.end);
      this.#open.delete(pickId(event));
    } else if (event.kind === 'pick_dropped') {
      sums.dropped++;
      this.#scorers.dropped(event.scorer);
      this.#open.delete(pickId(event));
    } else if (event.kind === 'published') {
      sums.publishedResults++;
      sums.publishedEvents += event.events;
      this.#latency.add(event.sinceRecordMs);
    }
  }
}

/** A trace id sent twice makes the same pick key twice, so the record belongs to it. */
function pickId({ pickKey, position }: { readonly pickKey: string; readonly position: Position }) {
  return `${pickKey}@${partitionKey(position)}/${position.offset}`;
}
