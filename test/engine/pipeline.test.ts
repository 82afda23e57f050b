import { describe, expect, it } from 'vitest';
import type { DeadLetter } from '../../src/core/dead-letter.ts';
import { WorkAborted } from '../../src/engine/abort.ts';
import { type Decoded, type PipelineSteps, processRecord } from '../../src/engine/pipeline.ts';
import { PARTITION } from './fakes/processor-harness.ts';
import { pickResult } from './fakes/results.ts';
import { openScope } from './fakes/scopes.ts';
import { arrivalOf, traceRecord } from './fakes/traces.ts';
import { turns } from './fakes/turns.ts';

const record = traceRecord(PARTITION, 5);
const trace: Decoded = { kind: 'trace', arrival: arrivalOf(record) };
const letter: DeadLetter = {
  position: record.position,
  recordTimestampMs: record.timestampMs,
  reason: 'MALFORMED',
  detail: 'expected JSON',
  field: null,
  key: record.key,
  value: record.value,
  headers: [],
};

/** Two picks, and every step writes its name down; steps can be replaced. */
function openPipeline(replaced: Partial<PipelineSteps> = {}) {
  const result = pickResult();
  const picks = ['safety', 'tone'].map((name) => ({
    ...result.pick,
    scorer: { ...result.pick.scorer, name },
  }));
  const said: string[] = [];
  const steps: PipelineSteps = {
    decode: () => trace,
    archive: () => Promise.resolve(undefined),
    select: () => picks,
    inScorerSlot: (_pick, _scope, work) => work(),
    score: (pick) => Promise.resolve({ ...result, pick }),
    record: (scored) => Promise.resolve({ kind: 'publish', result: scored }),
    publish: () => Promise.resolve(),
    deadLetter: () => Promise.resolve(),
    ended: () => undefined,
    dropped: () => undefined,
    ...replaced,
  };
  const listening: PipelineSteps = {
    decode: (one) => (said.push('decode'), steps.decode(one)),
    archive: (...args) => (said.push('archive'), steps.archive(...args)),
    select: (...args) => (said.push('select'), steps.select(...args)),
    inScorerSlot: (pick, ...rest) => (
      said.push(`slot ${pick.scorer.name}`), steps.inScorerSlot(pick, ...rest)
    ),
    score: (pick, ...rest) => (said.push(`score ${pick.scorer.name}`), steps.score(pick, ...rest)),
    record: (scored, scope) => (
      said.push(`record ${scored.pick.scorer.name}`), steps.record(scored, scope)
    ),
    publish: (scored, scope) => (
      said.push(`publish ${scored.pick.scorer.name}`), steps.publish(scored, scope)
    ),
    deadLetter: (one, scope) => (
      said.push(`dead letter ${one.reason}`), steps.deadLetter(one, scope)
    ),
    ended: (pick, end) =>
      said.push(`ended ${pick.scorer.name} ${typeof end === 'string' ? end : end.outcome}`),
    dropped: (pick) => said.push(`dropped ${pick.scorer.name}`),
  };
  const scope = openScope();
  return { said, run: () => processRecord(record, scope, listening) };
}

/** What was said of one scorer, and of the record as a whole. */
const of = (said: readonly string[], name: string): readonly string[] =>
  said.filter((line) => line.includes(name)).map((line) => line.replace(` ${name}`, ''));

describe('the way of a record', () => {
  it('leaves the text behind once it is archived, so that a slow scorer does not keep it in memory', async () => {
    const seen: object[] = [];
    const { run } = openPipeline({
      archive: (arrival) => (seen.push(arrival), Promise.resolve(undefined)),
      select: (arrival) => (seen.push(arrival), [pickResult().pick]),
      score: (_pick, arrival) => (seen.push(arrival), Promise.resolve(pickResult())),
    });
    await run();
    expect(seen.map((arrival) => 'body' in arrival)).toEqual([true, false, false]);
  });

  it('goes through every step in order, each pick on its own', async () => {
    const { said, run } = openPipeline();
    await run();
    expect(said.slice(0, 3)).toEqual(['decode', 'archive', 'select']);
    for (const name of ['safety', 'tone']) {
      expect(of(said, name)).toEqual(['slot', 'score', 'record', 'publish', 'ended scored']);
    }
  });

  it('decodes before it returns, so that the fetched buffer can go', () => {
    const { said, run } = openPipeline({ archive: () => new Promise(() => undefined) });
    void run();
    expect(said).toEqual(['decode', 'archive']);
  });

  it('ends with a tombstone', async () => {
    const { said, run } = openPipeline({ decode: () => ({ kind: 'tombstone' }) });
    await run();
    expect(said).toEqual(['decode']);
  });

  it('ends in the dead-letter topic when the record cannot be read', async () => {
    const { said, run } = openPipeline({ decode: () => ({ kind: 'refused', letter }) });
    await run();
    expect(said).toEqual(['decode', 'dead letter MALFORMED']);
  });

  it('ends in the dead-letter topic when Postgres refuses the row', async () => {
    const refused: DeadLetter = { ...letter, reason: 'ROW_REFUSED' };
    const { said, run } = openPipeline({ archive: () => Promise.resolve(refused) });
    await run();
    expect(said).toEqual(['decode', 'archive', 'dead letter ROW_REFUSED']);
  });

  it('ends with the passes when no scorer picks the trace', async () => {
    const { said, run } = openPipeline({ select: () => [] });
    await run();
    expect(said).toEqual(['decode', 'archive', 'select']);
  });

  it.each(['already_scored', 'not_running'] as const)(
    'publishes nothing for a pick that ends as %s',
    async (end) => {
      const { said, run } = openPipeline(
        end === 'not_running'
          ? { inScorerSlot: () => Promise.resolve(end) }
          : { record: () => Promise.resolve({ kind: end }) },
      );
      await run();
      expect(of(said, 'safety').at(-1)).toBe(`ended ${end}`);
      expect(of(said, 'safety')).not.toContain('publish');
    },
  );

  it('publishes the row of an earlier life instead of its own result', async () => {
    const stored = pickResult({ result: { outcome: 'failed' } });
    const published: unknown[] = [];
    const { said, run } = openPipeline({
      record: () => Promise.resolve({ kind: 'publish', result: stored }),
      publish: (result) => Promise.resolve(void published.push(result)),
    });
    await run();
    expect(published).toEqual([stored, stored]);
    expect(of(said, 'tone').at(-1)).toBe('ended failed');
  });

  it('holds the place of the scorer until its result is stored', async () => {
    const stored = Promise.withResolvers<void>();
    let left = false;
    const { said, run } = openPipeline({
      inScorerSlot: (_pick, _scope, work) =>
        work().finally(() => {
          left = true;
        }),
      record: (result) => stored.promise.then(() => ({ kind: 'publish' as const, result })),
    });
    const done = run();
    await turns();
    expect([said.includes('record safety'), left]).toEqual([true, false]);
    stored.resolve();
    await done;
    expect(left).toBe(true);
  });
});

describe('a record that is given up', () => {
  it.each(['archive', 'score', 'record', 'publish'] as const)(
    'rejects when %s was aborted',
    async (step) => {
      const { run } = openPipeline({ [step]: () => Promise.reject(new WorkAborted()) });
      await expect(run()).rejects.toBeInstanceOf(WorkAborted);
    },
  );

  it.each(['score', 'record', 'publish'] as const)(
    'drops each pick once when %s was aborted, and ends none',
    async (step) => {
      const { said, run } = openPipeline({ [step]: () => Promise.reject(new WorkAborted()) });
      await run().catch(() => undefined);
      for (const name of ['safety', 'tone']) {
        expect(of(said, name).filter((line) => line === 'dropped')).toHaveLength(1);
        expect(of(said, name).join()).not.toContain('ended');
      }
    },
  );

  it('ends the other picks all the same', async () => {
    const { said, run } = openPipeline({
      score: (pick) =>
        pick.scorer.name === 'safety'
          ? Promise.reject(new WorkAborted())
          : Promise.resolve(pickResult({ pick })),
    });
    await run().catch(() => undefined);
    await turns();
    expect(of(said, 'tone').at(-1)).toBe('ended scored');
  });

  it('rejects, and does not throw, when decoding fails by a mistake of ours', async () => {
    const { run } = openPipeline({
      decode: () => {
        throw new TypeError('x is undefined');
      },
    });
    let ending: Promise<void> | undefined;
    expect(() => {
      ending = run();
    }).not.toThrow();
    await expect(ending).rejects.toThrow(TypeError);
  });
});
