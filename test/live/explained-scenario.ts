import { expect, vi } from 'vitest';
import type { ScorerExplanation } from '../../src/core/explain/scorer-explanation.ts';
import type { Position } from '../../src/core/position.ts';
import type { SamplingChange } from '../../src/ports/service.ts';
import type { ExplainedRun, SentTrace } from './explained-run.ts';
import { makeTrace, traceIdOf } from './make-trace.ts';

export const EXPERIMENT = '0';
export const TRACES = 2_000;
/** Key of a record that is no trace. */
export const DEAD_KEY = `tr-${'d'.repeat(32)}`;

const WITHIN = { timeout: 20_000, interval: 20 };

/** What was said of traces as of now, by trace id, before they came once more. */
export type Foretold = ReadonlyMap<string, readonly ScorerExplanation[]>;

/** Traces under ten configurations: some sent again, some while picks wait, some before a crash. */
export class ExplainedScenario {
  readonly #run: ExplainedRun;

  constructor(run: ExplainedRun) {
    this.#run = run;
  }

  async play(): Promise<Foretold> {
    const { scorers } = this.#run;
    await this.#startScorers();
    await this.#send([...tracesAt(0, 400), ...nonsense()]);

    await this.#update('fifth', { sampleRate: 0.4 });
    await this.#send([...tracesAt(350, 800), ...tracesAt(500, 520)]);

    await this.#update('prod', { filterString: "tags.env = 'dev' OR NOT status = 'OK'" });
    await scorers.stop(EXPERIMENT, 'stopping', 'bob');
    await this.#send([...tracesAt(800, 1_200), traceAt(801, 'ERROR')]);

    await this.#register('yes', 'yes', 'b');
    await this.#register('late', 'yes');
    await this.#start('late', { sampleRate: 0.5 });
    await this.#send([...tracesAt(1_200, 1_500), ...tracesAt(0, 60)]);

    await scorers.delete(EXPERIMENT, 'nothing', 'bob');
    await this.#stopWhilePicksWait(tracesAt(1_500, 1_700));
    await this.#crash(tracesAt(1_700, 1_900));

    await this.#update('prod', { filterString: "name = 'other' OR tags.env = 'dev'" });
    await this.#send(tracesAt(1_900, TRACES));
    return this.#foretell(Array.from({ length: 120 }, (_, index) => index * 16));
  }

  async #startScorers(): Promise<void> {
    for (const says of ['yes', 'error', 'nothing', 'not applicable']) {
      await this.#register(says, says);
    }
    for (const name of ['fifth', 'prod', 'stopping', 'idle', 'evaluator']) {
      await this.#register(name, 'yes');
    }
    await this.#start('yes');
    await this.#start('error', { sampleRate: 0.1 });
    await this.#start('nothing', { sampleRate: 0.3 });
    await this.#start('not applicable', { sampleRate: 0.05 });
    await this.#start('fifth', { sampleRate: 0.2 });
    await this.#start('prod', { filterString: "tags.env = 'prod'" });
    await this.#start('stopping', { sampleRate: 0.6 });
    await this.#start('evaluator', { sampleRate: 0.5, includeEvaluationRuns: true });
  }

  async #stopWhilePicksWait(traces: readonly SentTrace[]): Promise<void> {
    const { gate, scorers } = this.#run;
    await this.#register('gated', 'gate');
    await this.#start('gated', { sampleRate: 0.3 });
    gate.close();
    await this.#sendUntilDecided(traces);
    await scorers.stop(EXPERIMENT, 'gated', 'bob');
    await this.#run.refresh();
    gate.open();
    await this.#run.done();
  }

  /** Picks of `gated` are dropped with the engine; the one after it works under another version and another filter. */
  async #crash(traces: readonly SentTrace[]): Promise<void> {
    const { gate } = this.#run;
    await this.#start('gated', { sampleRate: 0.2 });
    gate.close();
    await this.#sendUntilDecided(traces);
    await vi.waitFor(() => expect(this.#waiting()).toEqual(new Set(['gated'])), WITHIN);
    await this.#run.restart(async () => {
      await this.#register('gated', 'gate', 'b');
      await this.#update('prod', { filterString: null });
      gate.open();
    });
    await this.#run.done();
  }

  async #foretell(ns: readonly number[]): Promise<Foretold> {
    await this.#run.refresh();
    const said = new Map<string, readonly ScorerExplanation[]>();
    for (const traceId of ns.map(traceIdOf)) {
      const { now } = await this.#run.explainer.explain({ experimentId: EXPERIMENT, traceId });
      said.set(traceId, now);
    }
    await this.#send(ns.map((n) => traceAt(n)));
    return said;
  }

  async #send(traces: readonly SentTrace[]): Promise<void> {
    await this.#run.refresh();
    await this.#run.send(traces);
    await this.#run.done();
  }

  /** Waits until each of the traces has met `gated`. */
  async #sendUntilDecided(traces: readonly SentTrace[]): Promise<void> {
    await this.#run.refresh();
    const before = this.#met('gated');
    await this.#run.send(traces);
    await vi.waitFor(() => expect(this.#met('gated')).toBe(before + traces.length), WITHIN);
  }

  #met(name: string): number {
    const { observer } = this.#run;
    const decisions = [...observer.of('passed'), ...observer.of('picked')];
    return decisions.filter(({ scorer }) => scorer.name === name).length;
  }

  /** Scorers of which picks have not ended yet. */
  #waiting(): ReadonlySet<string> {
    const { observer } = this.#run;
    const ended = new Set(
      observer.of('pick_ended').map(({ pickKey, position }) => `${pickKey} ${placeOf(position)}`),
    );
    const open = observer
      .of('picked')
      .filter(({ pickKey, position }) => !ended.has(`${pickKey} ${placeOf(position)}`));
    return new Set(open.map(({ scorer }) => scorer.name));
  }

  async #register(name: string, says: string, code = 'a'): Promise<void> {
    const request = { name, kind: 'module', says, code };
    await this.#run.scorers.register(EXPERIMENT, request, 'ann');
  }

  async #start(name: string, change: Omit<SamplingChange, 'author'> = {}): Promise<void> {
    await this.#run.scorers.start(EXPERIMENT, name, { ...change, author: 'ann' });
  }

  async #update(name: string, change: Omit<SamplingChange, 'author'>): Promise<void> {
    await this.#run.scorers.update(EXPERIMENT, name, { ...change, author: 'ann' });
  }
}

/** Traces of all sorts: tags, errors, evaluation runs, scorers' own, unfinished. */
function traceAt(n: number, state = n % 7 === 0 ? 'ERROR' : 'OK'): SentTrace {
  const value = makeTrace(n, {
    state: n % 31 === 0 ? 'IN_PROGRESS' : state,
    tags: {
      ...(n % 3 === 0 ? {} : { env: n % 2 === 0 ? 'prod' : 'dev' }),
      ...(n % 41 === 0 && { 'mlflow.trace.sourceScorer': 'safety' }),
    },
    metadata: n % 29 === 0 ? { 'mlflow.sourceRun': 'r1' } : {},
  });
  return { key: traceIdOf(n), value };
}

function tracesAt(from: number, to: number): readonly SentTrace[] {
  return Array.from({ length: to - from }, (_, index) => traceAt(from + index));
}

/** A record that is no trace, another one without a key, and a tombstone. */
function nonsense(): readonly SentTrace[] {
  return [
    { key: DEAD_KEY.slice(3), value: '{"info":{}}' },
    { key: null, value: '{' },
    { key: traceIdOf(1), value: null },
  ];
}

/** Positions of the one topic with traces. */
export function placeOf({ partition, offset }: Position): string {
  return `${partition}/${offset}`;
}
