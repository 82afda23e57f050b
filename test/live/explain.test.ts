import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScorerExplanation } from '../../src/core/explain/scorer-explanation.ts';
import type { EngineEvent } from '../../src/ports/observer.ts';
import type { RecordExplanation } from '../../src/ports/trace-queries.ts';
import { type ExplainedRun, openExplainedRun } from './explained-run.ts';
import {
  DEAD_KEY,
  EXPERIMENT,
  ExplainedScenario,
  type Foretold,
  placeOf,
  TRACES,
} from './explained-scenario.ts';
import { traceIdOf } from './make-trace.ts';

const ENDED_WITH_A_ROW = new Set(['already_scored', 'no_feedback', 'not_applicable']);
/** A divisor of the number of traces. */
const AT_ONCE = 10;

let run: ExplainedRun;
let foretold: Foretold;

beforeAll(async () => {
  run = await openExplainedRun();
  foretold = await new ExplainedScenario(run).play();
}, 120_000);

afterAll(() => run?.[Symbol.asyncDispose]());

type Decisive = Extract<EngineEvent, { readonly kind: 'passed' | 'pick_ended' }>;

/** `failed@1` for each scorer of a record: how its pick ended, else why it passed; several where a restart decided anew. */
function recorded(): ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> {
  const events = [...run.observer.of('passed'), ...run.observer.of('pick_ended')];
  const byRecord = Map.groupBy(events, ({ position }) => placeOf(position));
  return new Map(
    [...byRecord].map(([place, ofRecord]) => [
      place,
      new Map(
        [...Map.groupBy(ofRecord, ({ scorer }) => scorer.name)].map(([name, own]) => [
          name,
          wordsOf(own),
        ]),
      ),
    ]),
  );
}

function wordsOf(events: readonly Decisive[]): readonly string[] {
  const ended = events.filter((event) => event.kind === 'pick_ended');
  if (ended.length > 0) return ended.map(({ end, scorer }) => `${end}@${scorer.version}`);
  return events.flatMap((event) =>
    event.kind === 'passed' ? [`${event.reason}@${event.scorer.version}`] : [],
  );
}

/** Differences between what the engine reported of a record and what is explained. */
function differences(
  { record, scorers }: RecordExplanation,
  events: ReadonlyMap<string, readonly string[]> | undefined,
): readonly string[] {
  const place = placeOf(record.position);
  const wrong = scorers.flatMap(({ name, decision, version }) => {
    const words = events?.get(name) ?? [];
    const isRight =
      decision === 'registered_later'
        ? words.length === 0
        : words.length > 0 && words.every((word) => word === `${decision}@${version}`);
    return isRight
      ? []
      : [`${place} ${name}: explained as ${decision}@${version}, recorded as ${words.join(' ')}`];
  });
  const explained = new Set(scorers.map(({ name }) => name));
  const missing = [...(events?.keys() ?? [])].filter((name) => !explained.has(name));
  return [...wrong, ...missing.map((name) => `${place} ${name}: not explained`)];
}

async function explainAll(): Promise<readonly RecordExplanation[]> {
  const records: RecordExplanation[] = [];
  for (let from = 0; from < TRACES; from += AT_ONCE) {
    const ns = Array.from({ length: AT_ONCE }, (_, index) => from + index);
    records.push(...(await Promise.all(ns.map(explainOne))).flat());
  }
  return records;
}

async function explainOne(n: number): Promise<readonly RecordExplanation[]> {
  const { record, scorers, earlier } = await run.explainer.explain({
    experimentId: EXPERIMENT,
    traceId: traceIdOf(n),
  });
  if (record === null) throw new Error(`trace ${n} is not there`);
  return [{ record, scorers }, ...earlier];
}

describe('explaining a run of 2,000 traces', () => {
  let records: readonly RecordExplanation[];
  beforeAll(async () => {
    records = await explainAll();
  }, 120_000);

  it('says of every pick and pass what the engine reported when it happened', () => {
    const events = recorded();
    expect(records).toHaveLength(run.observer.of('decoded').length - redelivered());
    const wrong = records.flatMap((each) =>
      differences(each, events.get(placeOf(each.record.position))),
    );
    expect(wrong).toEqual([]);
  });

  it('has met every decision there is but those of other issues', () => {
    const met = new Set(records.flatMap(({ scorers }) => scorers.map(({ decision }) => decision)));
    expect([...met].toSorted()).toEqual([
      'already_scored',
      'evaluation_run',
      'failed',
      'filtered_out',
      'no_feedback',
      'not_applicable',
      'not_running',
      'own_trace',
      'registered_later',
      'sampled_out',
      'scored',
      'unfinished',
    ]);
  });

  it('gives the evidence: false clauses, positions, feedback, errors', () => {
    const without = records.flatMap(({ scorers }) => scorers).filter((each) => !hasEvidence(each));
    expect(without).toEqual([]);
  });

  it('tells of picks whose scorer was stopped before their turn', () => {
    const stopped = records
      .flatMap(({ scorers }) => scorers)
      .filter(({ name, reason }) => name === 'gated' && reason.includes('before its turn'));
    expect(stopped.length).toBeGreaterThan(20);
    expect(stopped[0]?.reason).toMatch(/^position 0\.\d+ is below the rate 0\.3; but .* by bob\)$/);
  });

  it('explains from the ledger what was decided anew after a restart', () => {
    const again = records
      .flatMap(({ scorers }) => scorers)
      .filter(({ reason }) => reason.includes('delivered again'));
    expect(new Set(again.map(({ name }) => name))).toEqual(new Set(['gated', 'prod']));
    expect(again.find(({ name }) => name === 'gated')).toMatchObject({
      version: 2,
      decision: 'scored',
    });
    expect(again.find(({ name }) => name === 'prod')).toMatchObject({
      decision: 'scored',
      filter: null,
    });
  });
});

function hasEvidence({ decision, filter, results, reason }: ScorerExplanation): boolean {
  const feedback = results.flatMap((result) => result.feedback).length;
  if (decision === 'filtered_out') return filter?.holds === false && feedback === 0;
  if (filter?.holds === false) return false;
  if (decision === 'sampled_out')
    return /^position 0\.\d+ is not below the rate 0\.\d+$/.test(reason);
  if (decision === 'failed') return feedback === 1 && /scorer is out of order/.test(reason);
  if (decision === 'scored') return feedback === 1;
  return reason !== '' && results.length > 0 === ENDED_WITH_A_ROW.has(decision);
}

/** Records that were decoded once more after the restart. */
function redelivered(): number {
  const places = run.observer.of('decoded').map(({ position }) => placeOf(position));
  return places.length - new Set(places).size;
}

describe('explaining as of now', () => {
  it('foretells what the engine does when the trace comes once more', () => {
    const events = recorded();
    const newest = new Map(
      run.observer.of('decoded').map(({ traceId, position }) => [traceId, placeOf(position)]),
    );
    const wrong = [...foretold].flatMap(([traceId, now]) => {
      const words = events.get(newest.get(traceId) ?? '');
      expect(words?.size).toBe(now.length);
      return now.flatMap(({ name, decision, version }) => {
        const [word = ''] = words?.get(name) ?? [];
        const isSame =
          decision === 'queued'
            ? /^(scored|failed|no_feedback|not_applicable)@/.test(word) &&
              word.endsWith(`@${version}`)
            : word === `${decision}@${version}`;
        return isSame ? [] : [`${traceId} ${name}: foretold ${decision}@${version}, was ${word}`];
      });
    });
    expect(wrong).toEqual([]);
    const decisions = new Set([...foretold.values()].flat().map(({ decision }) => decision));
    expect(decisions).toContain('queued');
    expect(decisions).toContain('already_scored');
    expect(decisions).not.toContain('scored');
  });
});

describe('a trace that is not stored', () => {
  it('is found among the dead letters by its record key, in another spelling', async () => {
    const explained = await run.explainer.explain({ experimentId: EXPERIMENT, traceId: DEAD_KEY });
    const [event] = run.observer.of('dead_lettered');
    expect(explained).toMatchObject({ decision: 'dead_lettered', scorers: [], now: [] });
    expect(explained.deadLetters).toMatchObject([
      { position: event?.position, reason: event?.reason, detail: event?.detail },
    ]);
    expect(explained.reason).toContain(event?.detail ?? '-');
  });

  it('was not seen otherwise, and the answer says what to do', async () => {
    const traceId = `tr-${'e'.repeat(32)}`;
    const explained = await run.explainer.explain({ experimentId: EXPERIMENT, traceId });
    expect(explained).toMatchObject({ decision: 'not_seen', scorers: [], record: null });
    expect(explained.reason).toMatch(/check the id/);
  });

  it('may be in another experiment', async () => {
    const explained = await run.explainer.explain({ experimentId: '7', traceId: traceIdOf(1) });
    expect(explained).toMatchObject({ decision: 'not_seen' });
    expect(explained.reason).toMatch(/in experiment '0'/);
  });
});
