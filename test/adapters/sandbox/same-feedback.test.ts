import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import {
  AssessmentError,
  Feedback,
  notApplicable,
  readAnswer,
  scorer,
  type Returned,
  type ScorerArguments,
  scorerArguments,
} from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { createCodeRuntime } from '../../../src/adapters/sandbox/create-code-runtime.ts';
import {
  demoLines,
  dialectLines,
  DIALECTS,
  edgeLines,
  traceOf,
} from '../../core/decode/recorded-traces.ts';
import type { LoadedScorer } from '../../../src/ports/scorer-runtime.ts';
import { openSandbox } from './open-sandbox.ts';
import type { SAME_SCORERS } from './same-scorers.ts';

/** The functions as they are written: what the test runner makes of an import has other names in it. */
function readScorers(): typeof SAME_SCORERS {
  const file = new URL('./same-scorers.ts', import.meta.url);
  const code = stripTypeScriptTypes(readFileSync(file, 'utf8'))
    .replace(/^import [^;]*;/gm, '')
    .replace(/export const SAME_SCORERS\s*=/, 'return');
  const provided = { AssessmentError, Feedback, notApplicable, scorer };
  const make = Reflect.construct(Function, [...Object.keys(provided), `'use strict'; ${code}`]) as (
    ...values: unknown[]
  ) => typeof SAME_SCORERS;
  return make(...Object.values(provided));
}

type Score = (args: ScorerArguments) => unknown;

const traces = [demoLines(), edgeLines(), ...DIALECTS.map(dialectLines)].flat().map(traceOf);
const runtime = createCodeRuntime({ sandbox: openSandbox() });
const { signal } = new AbortController();

async function returnedBy(call: () => unknown): Promise<Returned> {
  try {
    return { kind: 'value', value: await call() };
  } catch (error) {
    return { kind: 'error', error };
  }
}

/** All but stack traces, whose lines are those of the file here and those of the source there. */
async function feedbackOf(call: () => unknown): Promise<unknown> {
  const answerer = { name: 'safety', source: { type: 'CODE', id: 'safety' } } as const;
  const { feedback, ...answer } = readAnswer(await returnedBy(call), answerer);
  const withoutStack = feedback.map(({ error, ...rest }) => ({
    ...rest,
    error: error && { code: error.code, message: error.message },
  }));
  return { ...answer, feedback: withoutStack };
}

function load(score: Score): LoadedScorer {
  const source = `(${score.toString()})`;
  const loaded = runtime.load({ kind: 'code', source });
  if (loaded === undefined) throw new Error(`the source is refused: ${source}`);
  return loaded;
}

describe('a scorer in the sandbox', () => {
  it.each(Object.entries(readScorers()))(
    'gives the same feedback as a direct call, for every recorded trace: %s',
    { timeout: 30_000 },
    async (_, score) => {
      const loaded = load(score);
      const compared = traces.map(async (trace) => {
        const direct = await feedbackOf(() => score(scorerArguments(trace, signal)));
        expect(await feedbackOf(() => loaded.score({ trace, signal }))).toEqual(direct);
      });
      expect(await Promise.all(compared)).toHaveLength(traces.length);
    },
  );
});
