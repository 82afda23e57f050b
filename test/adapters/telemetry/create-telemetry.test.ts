import { describe, expect, it } from 'vitest';
import { createTelemetry } from '../../../src/adapters/telemetry/create-telemetry.ts';
import type { EngineEvent } from '../../../src/ports/observer.ts';
import { FakeClock } from '../../fake-clock.ts';
import {
  archived,
  at,
  collectingLogger,
  decoded,
  ended,
  passed,
  picked,
  published,
  received,
  refused,
  safety,
} from './events.ts';

const partition = { topic: 'traces', partition: 2 };

function start() {
  const clock = new FakeClock();
  const { logger, lines } = collectingLogger();
  const telemetry = createTelemetry({ logger, clock });
  const report = (...events: readonly EngineEvent[]) => {
    for (const event of events) telemetry.report(event);
  };
  return { clock, telemetry, report, lines, said: () => lines.filter((l) => l.level !== 'debug') };
}

function down(code = 'DATABASE_UNAVAILABLE'): EngineEvent {
  return { kind: 'dependency_down', dependency: 'postgres', code, detail: 'no', retryInMs: 100 };
}

function up(downForMs: number): EngineEvent {
  return { kind: 'dependency_up', dependency: 'postgres', downForMs };
}

describe('telemetry', () => {
  it('says nothing about single records, traces and picks', () => {
    const { report, lines } = start();
    report(received(1), decoded(1, 1), archived(1), picked(1), ended(1), passed(1));
    report(published(1, 5), { kind: 'record_done', position: at(1) });
    expect(lines).toEqual([]);
  });

  it('counts what it hears', () => {
    const { report, telemetry } = start();
    report(received(1), decoded(1, 1), archived(1), picked(1));
    expect(telemetry.totals()).toMatchObject({ records: 1, decoded: 1, inFlight: 1 });
  });

  it('tells of the life of partitions with topic, partition and numbers as fields', () => {
    const { report, said } = start();
    report({ kind: 'partition_claimed', partition, epoch: 4, fromOffset: 10, republished: 2 });
    report({ kind: 'partition_lost', partition, inFlight: 3 }, { kind: 'claim_lost', partition });
    expect(said()).toMatchObject([
      {
        level: 'info',
        fields: { event: 'partition_claimed', ...partition, epoch: 4, fromOffset: 10 },
        message: 'traces/2 is ours, from offset 10, 2 stored results published again',
      },
      { level: 'info', message: 'traces/2 is no longer ours; 3 records given up' },
      { level: 'warn', message: 'another instance has claimed traces/2' },
    ]);
  });

  it('raises alarms as errors, with the number of lost records', () => {
    const { report, said } = start();
    const detail = 'offset 5 is gone';
    report({ kind: 'alarm', code: 'OFFSET_OUT_OF_RANGE', partition, detail, lost: 7 });
    expect(said()).toMatchObject([
      {
        level: 'error',
        fields: { code: 'OFFSET_OUT_OF_RANGE', lost: 7, topic: 'traces', partition: 2 },
        message:
          'OFFSET_OUT_OF_RANGE at traces/2: offset 5 is gone (7 records can no longer be read)',
      },
    ]);
  });

  it('tells of configuration, scorers, topics and states', () => {
    const { report, said } = start();
    report({ kind: 'config_changed', revision: 9, scorers: 2 });
    report({ kind: 'scorer_unavailable', scorer: safety, detail: 'not loaded' });
    report({ kind: 'topics_created', topics: ['traces', 'feedback'] });
    report({ kind: 'state', state: 'running', detail: null });
    expect(said().map(({ level, message }) => [level, message])).toEqual([
      ['info', 'configuration revision 9: 2 scorers'],
      ['warn', 'scorer safety (version 3, experiment 0) cannot run: not loaded'],
      ['info', 'created topics traces, feedback'],
      ['info', 'running'],
    ]);
    expect(said()[1]?.fields).toMatchObject({ scorer: 'safety', version: 3, experimentId: '0' });
  });

  it('tells of commits and pauses of intake at debug only', () => {
    const { report, lines, said } = start();
    report({ kind: 'offset_committed', partition, offset: 5, open: 0 });
    report({ kind: 'intake_paused', reason: 'bytes', partition });
    report({ kind: 'intake_resumed', partition: null });
    expect(said()).toEqual([]);
    expect(lines.map(({ message }) => message)).toEqual([
      'traces/2 committed up to 5',
      'intake paused at traces/2: the limit for bytes is reached',
      'intake goes on at all partitions',
    ]);
  });
});

describe('the line about an outage', () => {
  it('comes once when it begins, every 30 s while it lasts, and when it ends', () => {
    const { report, said, clock } = start();
    for (let second = 0; second < 65; second++) {
      report(down(), down());
      clock.advance(1_000);
    }
    report(up(65_000));
    const lines = said().filter(({ fields }) => fields['event'] !== 'summary');
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'postgres is down: DATABASE_UNAVAILABLE: no'],
      ['warn', 'postgres is down for 30 s: DATABASE_UNAVAILABLE: no'],
      ['warn', 'postgres is down for 60 s: DATABASE_UNAVAILABLE: no'],
      ['info', 'postgres is up again after 65 s'],
    ]);
    expect(lines[1]?.fields).toMatchObject({ downForMs: 30_000, unsaid: 59, retryInMs: 100 });
  });

  it('is not repeated when a dependency flutters, but comes when it then stays down', () => {
    const { report, said, clock } = start();
    for (let i = 0; i < 10; i++) {
      report(down(), up(50));
      clock.advance(50);
    }
    expect(said()).toHaveLength(2);
    report(down());
    clock.advance(1_000);
    report(down());
    expect(said()).toHaveLength(3);
    expect(said()[2]).toMatchObject({ level: 'warn', fields: { downForMs: 1_000 } });
  });

  it('is kept apart for each dependency', () => {
    const { report, said } = start();
    report(down(), { ...down('BROKER_UNAVAILABLE'), dependency: 'kafka' } as EngineEvent);
    expect(said()).toHaveLength(2);
  });
});

describe('the lines about dead letters', () => {
  it('tell of the first at once and of those of the next 10 s together', () => {
    const { report, said, clock } = start();
    report(received(1), refused(1, 'decode'));
    expect(said()).toMatchObject([
      {
        level: 'warn',
        fields: { event: 'dead_letters', count: 1, reasons: { MALFORMED: 1 }, offset: 1 },
        message: 'one dead letter, the newest at traces/0 offset 1: MALFORMED: refused at decode',
      },
    ]);
    report(refused(2, 'decode'), refused(3, 'decode', 'TOO_LARGE'), refused(4, 'archive'));
    clock.advance(9_999);
    expect(said()).toHaveLength(1);
    clock.advance(1);
    expect(said()[1]).toMatchObject({
      fields: { count: 3, reasons: { MALFORMED: 1, TOO_LARGE: 1, ROW_REFUSED: 1 }, offset: 4 },
    });
  });

  it('come at most every 10 s, and at once again after 10 s of silence', () => {
    const { report, said, clock } = start();
    const deadLetterLines = () => said().filter((l) => l.fields['event'] === 'dead_letters');
    for (let i = 0; i < 200; i++) {
      report(refused(i, 'decode'));
      clock.advance(100);
    }
    expect(deadLetterLines()).toHaveLength(3);
    clock.advance(20_000);
    report(refused(999, 'decode'));
    expect(deadLetterLines().at(-1)).toMatchObject({ fields: { count: 1, offset: 999 } });
  });

  it('are written for each dead letter at debug', () => {
    const { report, lines } = start();
    report(refused(1, 'decode'), refused(2, 'decode'));
    expect(lines.filter(({ level }) => level === 'debug')).toHaveLength(2);
  });
});

describe('the summary', () => {
  it('comes after 30 s with the numbers since the last one', () => {
    const { report, said, clock } = start();
    report(received(1), decoded(1, 1), archived(1), picked(1), ended(1), published(1, 1_000));
    clock.advance(30_000);
    report(received(2), received(3), published(2, 20));
    clock.advance(30_000);
    expect(said()).toMatchObject([
      {
        level: 'info',
        fields: { event: 'summary', records: 1, feedback: 1, ends: { scored: 1 }, passes: {} },
      },
      { fields: { records: 2, recordsPerSecond: 0.1, feedback: 1, totalRecords: 3, ends: {} } },
    ]);
    expect(said()[0]?.message).toMatch(
      /^in 30 s: records 1 \(0 per second\), feedback 1, failed calls 0, dead letters 0; feedback p99 \d+ ms after its record$/,
    );
    expect(said()[1]?.fields['latencyP99Ms']).toBeLessThan(21);
  });

  it('is left out when nothing happened, but for a word every 5 minutes', () => {
    const { said, clock } = start();
    clock.advance(299_999);
    expect(said()).toEqual([]);
    clock.advance(1);
    expect(said()).toMatchObject([{ fields: { event: 'idle', totalRecords: 0 } }]);
    clock.advance(300_000);
    expect(said()).toHaveLength(2);
  });

  it('is written a last time at the end, with the dead letters, and no timer is left', () => {
    const { report, said, clock, telemetry } = start();
    report(received(1), refused(1, 'decode'), received(2), refused(2, 'decode'));
    telemetry.stop();
    expect(said().map(({ fields }) => fields['event'])).toEqual([
      'dead_letters',
      'dead_letters',
      'summary',
    ]);
    expect(clock.pending).toBe(0);
  });
});
