import { describe, expect, it } from 'vitest';
import { pickKey } from '../../../src/core/ids.ts';
import { createSelectStep } from '../../../src/engine/steps/select-scorers.ts';
import { configOf, scorerInForce } from '../fakes/configs.ts';
import { PARTITION } from '../fakes/processor-harness.ts';
import { createRecordingObserver } from '../fakes/recording-observer.ts';
import { RECORD_TIME_MS } from '../fakes/records.ts';
import { openScope } from '../fakes/scopes.ts';
import { arrivalOf, traceIdOf, traceRecord, type TraceOptions } from '../fakes/traces.ts';

function selectFrom(
  scorers: Parameters<typeof configOf>[0],
  options: { readonly trace?: TraceOptions; readonly republished?: ReadonlySet<string> } = {},
) {
  const observer = createRecordingObserver();
  const arrival = arrivalOf(traceRecord(PARTITION, 5, options.trace), configOf(scorers));
  const select = createSelectStep({ observer });
  return { observer, arrival, picks: select(arrival, openScope(undefined, options.republished)) };
}

describe('selecting scorers', () => {
  it('fixes version, revision and rate at the pick', () => {
    const scorer = scorerInForce({ version: 4, revision: 19, sampleRate: 0.999 });
    const { arrival, picks } = selectFrom([scorer]);
    expect(picks).toEqual([
      {
        key: pickKey({
          experimentId: '0',
          canonicalTraceId: traceIdOf(5),
          scorer: 'safety',
          version: 4,
        }),
        experimentId: '0',
        traceId: traceIdOf(5),
        scorer: { name: 'safety', version: 4, revision: 19, kind: 'module', sampleRate: 0.999 },
        samplePosition: arrival.samplePosition,
        position: { ...PARTITION, offset: 5 },
        recordTimestampMs: RECORD_TIME_MS,
        cause: { kind: 'live' },
      },
    ]);
  });

  it('tells of every scorer in force, picked or passed', () => {
    const { observer } = selectFrom(
      [
        scorerInForce({ name: 'a' }),
        scorerInForce({ name: 'b', running: false }),
        scorerInForce({ name: 'c', sampleRate: 0 }),
        scorerInForce({ name: 'd', matches: () => false }),
        scorerInForce({ name: 'e' }),
      ],
      { republished: new Set(['e']) },
    );
    expect(observer.of('picked').map(({ scorer }) => scorer.name)).toEqual(['a']);
    expect(observer.of('passed').map(({ scorer, reason }) => [scorer.name, reason])).toEqual([
      ['b', 'not_running'],
      ['c', 'sampled_out'],
      ['d', 'filtered_out'],
      ['e', 'republished'],
    ]);
  });

  it('shows a trace to the scorers of its own experiment only', () => {
    const scorers = [scorerInForce(), scorerInForce({ experimentId: '1' })];
    const { picks } = selectFrom(scorers, { trace: { experimentId: '1' } });
    expect(picks.map(({ experimentId }) => experimentId)).toEqual(['1']);
  });

  it('gives the same trace in two experiments two keys', () => {
    const keys = ['0', '1'].map((experimentId) => {
      const { picks } = selectFrom([scorerInForce({ experimentId })], { trace: { experimentId } });
      return picks[0]?.key;
    });
    expect(new Set(keys).size).toBe(2);
  });
});
