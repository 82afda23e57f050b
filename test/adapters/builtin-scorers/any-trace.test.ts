import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { Feedback, isNotApplicable, type Trace } from '@assay/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuiltinRuntime } from '../../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { decodeTrace } from '../../../src/core/decode/decode-trace.ts';
import type { ScorerDefinition } from '../../../src/core/scorer-state.ts';
import type { LoadedScorer } from '../../../src/ports/scorer-runtime.ts';
import { buildTrace, type TraceParts } from './build-trace.ts';

const TRACES = fileURLToPath(new URL('../../data/traces/', import.meta.url));
const { signal } = new AbortController();
const runtime = createBuiltinRuntime();

/** Every built-in in every mode that takes another way through its code. */
const REQUESTS: readonly Readonly<Record<string, unknown>>[] = [
  { builtin: 'exact_match' },
  { builtin: 'exact_match', config: { expected: 'Yes.', trim: true, case_sensitive: false } },
  { builtin: 'exact_match', config: { expected: { a: [1] } } },
  { builtin: 'contains', config: { text: 'a', case_sensitive: false } },
  { builtin: 'contains', config: { texts: ['a', 'b'], match: 'all', absent: true } },
  { builtin: 'regex', config: { pattern: '(\\w+)\\s+(\\w+)$', flags: 'ims' } },
  { builtin: 'valid_json', config: { required_keys: ['a'], allow_fences: true } },
  { builtin: 'latency', config: { max_ms: 10 } },
  { builtin: 'token_budget', config: { max_total: 10, max_input: 5, max_output: 5 } },
  { builtin: 'tool_call_match' },
  { builtin: 'tool_call_match', config: { expected: ['search'], mode: 'exact' } },
  {
    builtin: 'tool_call_match',
    config: { expected: [{ name: 'search', arguments: { q: 'a' } }], mode: 'in_order' },
  },
];

async function loadAll(): Promise<readonly LoadedScorer[]> {
  const definitions: readonly ScorerDefinition[] = await Promise.all(
    REQUESTS.map((request) => runtime.define(request)),
  );
  return definitions.map((definition) => {
    const loaded = runtime.load(definition);
    if (loaded === undefined) throw new Error('The definition was not loaded.');
    return loaded;
  });
}

/** What is wrong with the answers: each has to be a boolean with a short rationale, or a reason. */
async function faults(trace: Trace): Promise<readonly string[]> {
  const found: string[] = [];
  for (const [index, scorer] of (await loadAll()).entries()) {
    const answer = await scorer.score({ trace, signal });
    if (!isRight(answer)) found.push(`${JSON.stringify(REQUESTS[index])}: ${inspect(answer)}`);
  }
  return found;
}

function isRight(answer: unknown): boolean {
  if (isNotApplicable(answer)) return true;
  if (!(answer instanceof Feedback) || answer.error !== null) return false;
  const length = answer.rationale?.length ?? 0;
  return typeof answer.value === 'boolean' && length > 0 && length < 600;
}

function decodedTraces(file: string): readonly Trace[] {
  return readFileSync(TRACES + file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => decodeTrace(new TextEncoder().encode(line)))
    .flatMap((decoded) => (decoded.ok ? [decoded.trace] : []));
}

const KEYS = (
  'choices message content messages output type text call name tool_name args kwargs arguments ' +
  'input_tokens total_tokens __proto__ constructor a'
).split(' ');

/** Values as clients write them, with the shapes that built-ins look into. */
const anything: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.jsonValue({ maxDepth: 2 }),
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(...KEYS),
      fc.oneof(tie('value'), fc.constantFrom('message', 'text', 'output_text', '12', 3, -1)),
      { maxKeys: 4 },
    ),
  ),
})).value;

describe('the built-ins', () => {
  const files = [
    'edge.jsonl',
    ...readdirSync(`${TRACES}dialects`).map((name) => `dialects/${name}`),
  ];

  it.each(files)('answer for every trace of %s', async (file) => {
    const traces = decodedTraces(file);
    expect(traces.length).toBeGreaterThan(0);
    for (const trace of traces) expect(await faults(trace)).toEqual([]);
  });

  it('answer whatever stands in inputs, outputs, attributes, metadata and expectations', async () => {
    const span = fc.record({
      type: fc.constantFrom('TOOL', 'LLM', 'CHAIN'),
      name: fc.constantFrom('search', 'constructor', ''),
      spanId: fc.constantFrom('a', 'b', 'c', 'root'),
      parentId: fc.constantFrom('a', 'b', 'c', 'root', null),
      inputs: anything,
      attributes: fc.record({ 'mlflow.chat.tokenUsage': anything }),
      startTimeUnixNano: fc.bigInt({ min: -5n, max: 5n }),
      attributesAreDecoded: fc.boolean(),
    });
    const parts = fc.record({
      outputs: anything,
      expectations: fc.record({
        expected_response: fc.jsonValue(),
        expected_tool_calls: fc.oneof(
          fc.jsonValue(),
          fc.array(fc.record({ name: fc.constantFrom('search', 3), arguments: fc.jsonValue() })),
        ),
      }),
      info: fc.record({
        executionDurationMs: fc.oneof(fc.double(), fc.constant(null)),
        traceMetadata: fc.dictionary(fc.constant('mlflow.trace.tokenUsage'), fc.json()),
      }),
      spans: fc.array(span, { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(parts, async (given) => {
        expect(await faults(buildTrace(given as TraceParts /* its values are JSON */))).toEqual([]);
      }),
    );
  });

  it('answer for values that are nested as deeply as text can say', async () => {
    const deep = (open: string, close: string): unknown =>
      JSON.parse(open.repeat(50_000) + '1' + close.repeat(50_000));
    for (const value of [deep('[', ']'), deep('{"a":', '}'), deep('{"messages":[', ']}')]) {
      const expected = value as never; // as deep as it is, it is JSON
      const trace = buildTrace({
        outputs: value,
        expectations: { expected_response: expected, expected_tool_calls: expected },
        spans: [{ type: 'TOOL', name: 'search', inputs: value }],
      });
      expect(await faults(trace)).toEqual([]);
    }
  });
});
