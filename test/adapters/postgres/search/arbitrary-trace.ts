import type { Json } from '@assay/sdk';
import fc from 'fast-check';

/** Words that filters and traces share, so that they meet; and what is hard to compare. */
export const WORDS: readonly string[] = [
  '',
  'a',
  'OK',
  'ERROR',
  'search_web',
  'Search_Web',
  'insufficient stock',
  'INSUFFICIENT STOCK',
  'Kıng İstanbul \u212aelvin',
  'kelvin',
  'straße ΣΑΣ',
  'ΣΑΣ',
  'été',
  'ÉTÉ',
  'e\u0301te\u0301',
  "it's 100% \\sure_",
  'say "yes" or `no`',
  'deadbeef',
  'nul\0char',
  'nul\uFFFDchar',
  'half \ud83d pair',
  'half \uFFFD pair',
  '💥 boom',
  'a\tb\nc',
  '/path/to\\file',
  'TOOL',
  'unknown',
  '5',
  '5.0',
  '1e-05',
  'true',
  'null',
  '[5, 6]',
  '{"value": "refund"}',
  'answer-prompt/4',
  'gpt-4-turbo',
];

export const KEYS: readonly string[] = [
  'a',
  'a.b',
  'my key',
  'it\'s "odd"',
  '__proto__',
  'constructor',
  'ключ',
  'key\0',
  'key\uFFFD',
  'quality',
  'mlflow.traceName',
  'mlflow.trace.spansLocation',
  'mlflow.sourceRun',
  'mlflow.trace.session',
  'mlflow.spanType',
];

const letters = fc.string({
  unit: fc.constantFrom(...Array.from('aAbBiIkK İ%_\\"é.')),
  maxLength: 6,
});
export const word: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 2, arbitrary: letters },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);
export const key: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...KEYS) },
  { weight: 1, arbitrary: letters.filter((text) => text !== '') },
);

export const someNumber: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -0, 1, 5, -5, 0.1, 0.30000000000000004, 1e21, 1e300, 5e-324, 2 ** 53, 1234.5),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

/** Times of traces, in milliseconds, and durations that bring ends of traces near to them. */
export const timeMs: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, -1, 1_795_177_805_000, 1_795_177_805_001, 1_795_177_805_999),
  fc.constantFrom(Date.parse('0000-01-01T00:00:00Z'), Date.parse('9999-12-31T23:59:59.999Z')),
  fc.integer({ min: -62_000_000_000_000, max: 253_000_000_000_000 }),
);

const json: fc.Arbitrary<Json> = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 2, arbitrary: someNumber },
  fc.boolean(),
  fc.constant(null),
  fc.array(word, { maxLength: 2 }),
  fc.dictionary(word, word, { maxKeys: 2 }),
);

interface SpanParts {
  readonly name: string;
  readonly type: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, Json>>;
  readonly event: string | undefined;
}

const span: fc.Arbitrary<SpanParts> = fc.record({
  name: word,
  type: fc.option(word, { nil: undefined }),
  code: fc.constantFrom('OK', 'ERROR', 'UNSET'),
  message: word,
  attributes: fc.dictionary(key, json, { maxKeys: 3 }),
  event: fc.option(word, { nil: undefined }),
});

const assessment = fc
  .record({
    name: key,
    value: json,
    valid: fc.boolean(),
    kind: fc.constantFrom('feedback', 'expectation', 'issue'),
  })
  .map(({ name, value, valid, kind }) => ({
    assessment_name: name,
    source: { source_type: 'HUMAN', source_id: 'somebody' },
    [kind]: kind === 'issue' ? { issue_name: name } : { value },
    valid,
  }));

const map = fc.dictionary(key, word, { maxKeys: 4 });
const promptTag = fc.option(
  fc.constantFrom(
    '[{"name": "answer-prompt", "version": "4"}]',
    '[{"name": "answer-prompt", "version": 4}]',
    'no JSON',
  ),
  { nil: undefined },
);

const parts = fc.record({
  traceId: fc.oneof(
    fc.stringMatching(/^(tr-|trace:\/main\.genai\/)?[0-9a-fA-F]{32}$/),
    word.filter((text) => text !== ''),
  ),
  clientRequestId: fc.option(word, { nil: undefined }),
  requestTimeMs: timeMs,
  durationMs: fc.option(fc.oneof(someNumber, fc.integer({ min: 0, max: 60_000 })), {
    nil: undefined,
  }),
  state: fc.constantFrom('OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED'),
  tags: map,
  promptTag,
  metadata: map,
  assessments: fc.array(assessment, { maxLength: 3 }),
  spans: fc.array(span, { maxLength: 3 }),
  dialect: fc.constantFrom('python', 'typescript', 'otlp'),
  /** Which characters are written as escapes; `none` and `all` in turns make every case. */
  escapes: fc.constantFrom('none', 'non-ascii', 'some', 'all'),
});
type Parts = typeof parts extends fc.Arbitrary<infer P> ? P : never;

/** The JSON text of a trace, in several dialects and spellings of JSON. Its experiment is `0`. */
export const traceText: fc.Arbitrary<string> = parts.map((given) =>
  escaped(JSON.stringify(toDocument(given)), given.escapes),
);

function toDocument(given: Parts): unknown {
  const { promptTag: linked } = given;
  const info = {
    trace_id: given.traceId,
    client_request_id: given.clientRequestId,
    trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } },
    request_time: new Date(given.requestTimeMs).toISOString(),
    execution_duration_ms: given.durationMs,
    state: given.state,
    trace_metadata: given.metadata,
    tags: { ...given.tags, ...(linked !== undefined && { 'mlflow.linkedPrompts': linked }) },
    assessments: given.assessments,
  };
  const spans = given.spans.map((each, index) => toSpan(each, index, given));
  return given.dialect === 'otlp' ? { trace_info: info, spans } : { info, data: { spans } };
}

function toSpan(given: SpanParts, index: number, { dialect, traceId }: Parts): unknown {
  const id = String(index).padStart(16, 'c');
  const attributes: Readonly<Record<string, Json>> = {
    ...given.attributes,
    ...(given.type !== undefined && { 'mlflow.spanType': given.type }),
    'mlflow.traceRequestId': traceId,
  };
  return {
    span_id: id,
    parent_span_id: index === 0 ? null : 'cccccccccccccccc',
    name: given.name,
    start_time_unix_nano: 1_795_177_805_000_000_000,
    end_time_unix_nano: 1_795_177_806_000_000_000,
    events:
      given.event === undefined
        ? []
        : [{ name: given.event, time_unix_nano: 5, attributes: { text: given.event } }],
    status: statusOf(given, dialect),
    attributes: attributesOf(attributes, dialect),
  };
}

function statusOf({ code, message }: SpanParts, dialect: Parts['dialect']): unknown {
  if (dialect === 'otlp') return { code: ['UNSET', 'OK', 'ERROR'].indexOf(code), message };
  return { code: `STATUS_CODE_${code}`, message };
}

function attributesOf(
  attributes: Readonly<Record<string, Json>>,
  dialect: Parts['dialect'],
): unknown {
  switch (dialect) {
    case 'python':
      return Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, JSON.stringify(value)]),
      );
    case 'typescript':
      return attributes;
    case 'otlp':
      return Object.entries(attributes).map(([name, value]) => ({
        key: name,
        value: anyValue(value),
      }));
  }
}

function anyValue(value: Json): unknown {
  if (value === null) return {};
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'number') return { double_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (isList(value)) return { array_value: { values: value.map(anyValue) } };
  return { kvlist_value: { values: Object.entries(value).map(pair) } };
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function pair([name, value]: readonly [string, Json]): unknown {
  return { key: name, value: anyValue(value) };
}

/** The same JSON with letters inside of its strings as `\u0061`: where no backslash stands before. */
function escaped(text: string, escapes: Parts['escapes']): string {
  switch (escapes) {
    case 'none':
      return text;
    case 'non-ascii':
      return text.replace(/[^\p{ASCII}]/gu, (all) => Array.from(all.split(''), toEscape).join(''));
    case 'some':
    case 'all': {
      const letter = escapes === 'all' ? /[a-zA-Z]/g : /[aerS]/g;
      return text.replace(/"(?:[^"\\]|\\.)*"/g, (quoted) =>
        quoted.replace(/\\(?:u[0-9a-f]{4}|.)|[^\\]/g, (one) =>
          one.length === 1 && one.match(letter) !== null ? toEscape(one) : one,
        ),
      );
    }
  }
}

function toEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
