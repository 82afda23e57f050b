import { describe, expect, inject, it } from 'vitest';
import { runAssay } from '../live/service-process.ts';

interface DemoLine {
  readonly sound: boolean;
  readonly balanced: boolean;
  readonly produced: number;
  readonly records: number;
  readonly archived: number;
  readonly dead_lettered: number;
  readonly decoded: number;
  readonly picks: number;
  readonly ends: Readonly<Record<string, number>>;
  readonly published_events: number;
  readonly feedback_read_back: number;
  readonly scorers: readonly {
    readonly name: string;
    readonly matched: number;
    readonly sampled: number;
    readonly scored: number;
    readonly errors: number;
    readonly not_applicable: number;
  }[];
}

describe('assay demo', () => {
  it('scores the recorded traces on a real Kafka, and its books balance', async () => {
    const { exitCode, stdout } = await runAssay(['demo', '--json'], {
      DATABASE_URL: inject('databaseUrl'),
    });
    expect(exitCode).toBe(0);
    const line = JSON.parse(stdout) as DemoLine;
    expect(line).toMatchObject({
      sound: true,
      balanced: true,
      produced: 384,
      records: 384,
      dead_lettered: 3,
      decoded: 381,
      archived: 381,
    });
    expect(line.picks).toBe(Object.values(line.ends).reduce((sum, count) => sum + count, 0));
    expect(line.feedback_read_back).toBe(line.published_events);
    expect(line.scorers).toHaveLength(6);
    for (const one of line.scorers) {
      expect(one.scored + one.errors + one.not_applicable, one.name).toBe(one.sampled);
      expect(one.sampled, one.name).toBeGreaterThan(0);
    }
    expect(line.scorers.some(({ errors }) => errors > 0)).toBe(true);
  }, 90_000);
});
