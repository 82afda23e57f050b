import { describe, expect, it } from 'vitest';
import { describeTraceExplanation } from '../../src/cli/describe-trace-explanation.ts';
import { PASS_REASONS, PICK_ENDS, PICK_WAITS, TRACE_DECISIONS } from '../../src/core/decisions.ts';
import { explainNow } from '../../src/core/explain/explain-now.ts';
import { explainRecord } from '../../src/core/explain/explain-record.ts';
import { explainTrace } from '../../src/core/explain/explain-trace.ts';
import { asOfNow } from '../../src/core/explain/scorer-as-of.ts';
import { toTraceExplanationBody } from '../../src/http/to-trace-explanation-body.ts';
import { recordOf, REVISION, resultOf, revisionOf } from '../core/explain/questions.ts';
import { feedbackOf } from '../engine/fakes/results.ts';
import { scorerState } from '../engine/fakes/states.ts';

const INTRODUCTION = `# Why was this trace scored, or not?

\`assay explain <trace id> [--scorer NAME] [--experiment E] [--json]\` says of one trace, for each scorer, what became of it and why:
which clause of the filter was false and what the trace had there, where its sampling position stood against the rate, which feedback
came of it, how a call failed. Any spelling of the trace id will do.

This page is made from \`src/core/decisions.ts\` and the code that explains by its test (\`npm run test:only -- test/docs -u\`).
`;

const EXPLAINED = `
Scorers are explained as of the configuration in force when the trace was processed; \`if the trace came now\` lists those for which
something else would be decided today. Deleted scorers are explained for the past and left out of now. Of a trace id that came several
times every record is explained, the newest first; of more than ten the newest ten. A record whose stored text can no longer be read (\`readable\` is false)
is explained by its stored results alone, and the reason says so.

## Where the answers come from

Assay keeps no log of its decisions: they follow from what is stored anyway, by the code that made them.

- The archive keeps the configuration revision that each record was processed under, and the history of every scorer says what that was.
  The trace is decoded and selected again by the function that the engine uses.
- The ledger keeps one row for each pick that ended, with version, revision and rate: it is believed first. So a record that was delivered again
  after a restart, under a later configuration, is explained by what really happened.
- A pick without a row is \`not_running\` where its scorer was stopped or deleted later: it was, before its turn came.
- A record that could not be taken is found in the index of dead letters by its key, if the producer set the trace id as the key.
  The index does not know experiments: where another experiment has a trace of this id, the answer is to ask there, and names the dead letter beside it.

What nothing tells: whether another instance could run a scorer at that time. A pick that left no result, of a scorer that went on running,
is \`queued\` for good where the instance that took the record had not loaded the scorer's module, or where the record was delivered again under another
configuration and passed then. The reason says so.

## HTTP

\`GET /api/v1/experiments/{e}/traces/{id}/explain[?scorer=NAME]\` answers 200 with \`trace_id\`, \`decision\`, \`reason\`, \`record\`, \`scorers\`, \`earlier\`, \`now\` and
\`dead_letters\`; also where the trace was not seen, since that is a decision and not an error. A scorer that the experiment never had is \`SCORER_NOT_FOUND\`.
Each scorer has \`name\`, \`version\`, \`decision\`, \`reason\`, \`sample_position\`, \`sample_rate\`, \`filter\` (the filter as a tree, with \`holds\` at each node and the
\`actual\` value at each clause) and \`feedback_ids\`.

## Decisions
`;

function table(heading: string, decisions: Readonly<Record<string, string>>): string {
  const rows = Object.entries(decisions).map(([name, meaning]) => `| \`${name}\` | ${meaning} |`);
  return [`| ${heading} | meaning |`, '|---|---|', ...rows, ''].join('\n');
}

/** What the CLI prints of a trace with one scorer of each sort. */
function example(): string {
  const record = recordOf({ tags: { env: 'dev' } });
  const results = [resultOf({ revision: 3 }, { feedback: [feedbackOf(`a-${'3f'.repeat(16)}`)] })];
  const prod = "status = 'OK' AND tags.env = 'prod'";
  const at = (entry: ReturnType<typeof revisionOf>) => ({ entry, next: null });
  const scorers = explainRecord({
    record,
    scorers: [
      { name: 'conciseness', ...at(revisionOf({ filterString: prod })) },
      { name: 'late', entry: null, next: revisionOf({ revision: 9, operation: 'register' }) },
      { name: 'safety', ...at(revisionOf()) },
      { name: 'tone', ...at(revisionOf({ sampleRate: 0.2 })) },
    ],
    registered: new Set(['late']),
    results,
    only: undefined,
  });
  const tone = asOfNow(scorerState({ name: 'tone', sampleRate: 0.4 }), null);
  const { position, recordTimestampMs } = record;
  const stored = { position, configRevision: REVISION, isReadable: true };
  const body = toTraceExplanationBody({
    traceId: `tr-${'5'.padStart(32, '0')}`,
    experimentId: '0',
    ...explainTrace({
      experimentId: '0',
      newest: stored,
      records: 1,
      isCut: false,
      results,
      deadLetters: [],
      archives: true,
      elsewhere: [],
    }),
    record: { ...stored, recordTimestampMs, archivedAtMs: 0 },
    scorers,
    earlier: [],
    now: [explainNow({ record, scorer: tone, results: [] })],
    deadLetters: [],
  });
  return ['```', describeTraceExplanation(body).trimEnd(), '```', ''].join('\n');
}

describe('docs/explain.md', () => {
  it('lists exactly the decisions there are, and shows what the CLI prints', async () => {
    const page = [
      INTRODUCTION,
      example(),
      EXPLAINED.trimStart(),
      'The trace as a whole:\n',
      table('decision', TRACE_DECISIONS),
      'How a pick ends:\n',
      table('decision', { ...PICK_WAITS, ...PICK_ENDS }),
      'Why a scorer does not get to see a trace (the first that holds, from `not_running` over those about the trace to `sampled_out` and `filtered_out`):\n',
      table('decision', PASS_REASONS),
    ].join('\n');
    await expect(page).toMatchFileSnapshot('../../docs/explain.md');
  });
});
