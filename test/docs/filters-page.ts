import { FILTER_FIELDS, type FilterField, showField } from '../../src/core/filter/fields.ts';
import { toFilterInvalid } from '../../src/core/filter/parse/filter-invalid.ts';
import {
  MAX_CLAUSES,
  MAX_DEPTH,
  MAX_FILTER_LENGTH,
  MAX_GAPPED_LENGTH,
  MAX_LIST_VALUES,
  MAX_PATTERN_LENGTH,
  MAX_PATTERN_SIZE,
  MAX_RLIKE_STEPS,
} from '../../src/core/filter/filter-limits.ts';
import type { Comparator } from '../../src/core/filter/filter-node.ts';
import { parseFilter } from '../../src/core/filter/parse/parse-filter.ts';

const INTRODUCTION = `# Filters

A filter is a text that says which traces are meant: a scorer scores only those, \`assay traces search\` finds them, and
\`assay filter check '<filter>' --preview\` tells how many there are before a scorer gets the filter. It means the same everywhere.

The language is the one of MLflow's \`search_traces\`; Assay adds OR, NOT, parentheses and a few comparators.
The empty filter means every trace. A filter that is wrong is refused when a scorer is registered, started or updated, never later.

This page is made by \`test/docs/filters-page.ts\` from the field table in \`src/core/filter/fields.ts\`
(\`npm run test:only -- test/docs -u\`); a test reads every example on it.

## Examples

\`\`\`filter
status = 'ERROR'
name = 'answer_question' AND execution_time_ms > 1500
tags.env = 'production' AND metadata.mlflow.trace.user IS NOT NULL
span.type = 'TOOL' AND span.status = 'ERROR'
span.attributes.mlflow.llm.model LIKE 'gpt-%'
feedback.relevance < 0.5 OR feedback.thumbs_up = 'false'
NOT tags.team IN ('search', 'ads') AND (status = 'ERROR' OR execution_time_ms >= 10000)
\`\`\`

## Grammar

\`\`\`
filter      = or
or          = and { OR and }
and         = not { AND not }
not         = NOT not  |  ( or )  |  clause
clause      = field comparator value  |  field IS NULL  |  field IS NOT NULL
comparator  = =  !=  >  >=  <  <=  [NOT] LIKE  [NOT] ILIKE  [NOT] RLIKE  [NOT] IN
value       = 'text'  |  "text"  |  number  |  ( value { , value } )
\`\`\`

Keywords may be written in any letter case, except one: after a field that begins with \`span.\`, LIKE, ILIKE and RLIKE are written in upper
case, as in MLflow. Field names are case-sensitive. White space, also a new line, may stand between any two words.
`;

const FIELDS = `## Fields
`;

const AFTER_FIELDS = `A field of the trace may have \`trace.\`, \`attributes.\` or \`attribute.\` before its name: \`trace.status\` is \`status\`.

\`<key>\` is a name of your own. It may have dots. A key with any other character than letters, digits and \`_\`, a key that is a
number, and the words \`as\`, \`case\`, \`from\`, \`in\`, \`using\`, \`values\` stand in backticks or double quotes:

\`\`\`filter
tags.env = 'production'
tags.mlflow.traceName = 'answer_question'
tags.\`team/owner\` = 'search'
feedback."answer quality" = 'good'
\`\`\`

A key is only a key: \`tags.name\` is the tag called \`name\`.

## Comparators
`;

const COMPARATORS: readonly (readonly [comparators: readonly Comparator[], meaning: string])[] = [
  [['='], 'The value is this text or this number.'],
  [['!='], 'There is a value, and it is not this one.'],
  [['>', '>=', '<', '<='], 'The number is greater, or less.'],
  [['IN', 'NOT IN'], 'The value is one of the list; there is a value, and it is none of the list.'],
  [
    ['LIKE', 'NOT LIKE'],
    'The whole value fits the pattern: `%` is any run of characters, `_` is one character. A backslash is a character like any other.',
  ],
  [['ILIKE', 'NOT ILIKE'], 'As LIKE, and upper and lower case are the same, in every script.'],
  [
    ['RLIKE', 'NOT RLIKE'],
    'The regular expression is found somewhere in the value; `^` and `$` tie it to the ends, `(?i)` ignores case, `.` is no new line. The syntax is [RE2](https://github.com/google/re2/wiki/Syntax): no look-around, no back references, and never slow. Of a very long value it sees the beginning (see Limits).',
  ],
  [['IS NULL', 'IS NOT NULL'], 'There is no value; there is one.'],
];

const VALUES = `## Values

Text stands in single or double quotes. Nothing is escaped: text with one kind of quote in it stands in the other kind, and a backslash is
a backslash. A quote may be doubled inside the text, and then both belong to it.
Numbers stand without quotes: \`1500\`, \`-5\`, \`0.5\`, \`1e3\`. \`timestamp\` without \`trace.\` takes whole numbers only, as in MLflow; \`timestamp_ms\`
takes any. A list stands in parentheses and has at least one value.

\`\`\`filter
name = "it's late"
timestamp_ms >= 1795177805000 AND timestamp_ms < 1.7951778e12
status NOT IN ('OK', 'IN_PROGRESS')
tags.version RLIKE '^v2\\.[0-9]+$'
timestamp_ms IN (1795177805000, 1795177806000)
\`\`\`

## Missing values

A trace without the value matches \`IS NULL\` and nothing else, not even \`!=\`, \`NOT IN\` or \`NOT LIKE\`. NOT before a clause is something else: it
turns the answer of the clause around. Of a trace without the tag \`env\`, the first of these holds and the second does not:

\`\`\`filter
NOT tags.env = 'production'
tags.env != 'production'
\`\`\`

## AND, OR, NOT, parentheses

NOT binds closer than AND, and AND closer than OR. These two are the same:

\`\`\`filter
status = 'ERROR' OR name = 'a' AND NOT tags.env = 'test'
status = 'ERROR' OR (name = 'a' AND (NOT tags.env = 'test'))
\`\`\`

## Spans

A clause on a span holds if some span of the trace fulfils it. **The same-span rule**: span clauses that one AND joins, also inside an OR,
speak of one and the same span. An AND in parentheses of its own speaks of a span of its own. NOT is about the trace: no span is so.

\`\`\`filter
span.name = 'search' AND span.status = 'ERROR'
span.name = 'search' AND (span.type = 'TOOL' OR span.type = 'RETRIEVER')
(span.name = 'search' AND span.status = 'ERROR') AND (span.name = 'answer' AND span.status = 'OK')
span.name = 'search' AND NOT span.status = 'ERROR'
span.name = 'search' AND span.status != 'ERROR'
\`\`\`

The first: a span called search is in error. The second: a span called search is a tool or a retriever. The third: a search in
error, and an answer that is not. The fourth: there is a search, and no span at all is in error. The fifth: there is a search that is not
in error.

\`span.content\` is the JSON text of a span as MLflow stores it: keys count, \`": "\` stands between key and value, and quotes inside of an
attribute have a backslash. \`trace.text\` is the same field. Searching it reads all spans of a trace: put cheaper clauses beside it.

\`\`\`filter
trace.text ILIKE '%out of stock%' AND timestamp_ms > 1795177805000
span.content LIKE '%refund%' AND span.type = 'TOOL'
\`\`\`

## Feedback and expectations

\`feedback.<key>\` and \`expectation.<key>\` stand for the values of the valid assessments of that name; one that another has replaced
does not count. There may be several values, and a clause holds if one of them fulfils it. In a scorer's filter feedback is what the
trace brought along; in a search what Assay's scorers said counts too.

\`>\`, \`>=\`, \`<\` and \`<=\` take a number without quotes and look at values that are numbers. All others take text in quotes and look at the
text of the value: text itself, or the JSON of anything else. JavaScript cannot tell 5 from 5.0, so both are \`'5'\` and \`'5.0'\`.

\`\`\`filter
feedback.relevance >= 0.8
feedback.thumbs_up = 'true'
feedback.stars IN ('4', '5')
feedback.tone IS NULL
expectation.category = 'billing' AND feedback.category != 'billing'
\`\`\`

## Limits

| what | at most |
|---|---|
| characters of a filter | ${show(MAX_FILTER_LENGTH)} |
| clauses | ${show(MAX_CLAUSES)}; a list of numbers counts as one clause a number |
| parentheses and NOTs inside one another | ${show(MAX_DEPTH)} |
| values of a list | ${show(MAX_LIST_VALUES)} |
| characters of a pattern | ${show(MAX_PATTERN_LENGTH)} |
| characters of LIKE or ILIKE between two \`%\`, if a \`_\` stands among them | ${show(MAX_GAPPED_LENGTH)}; \`_\` next to a \`%\` does not count |
| size of a regular expression | ${show(MAX_PATTERN_SIZE)}; about one a character, with repetitions written out: \`(ab){3}\` as \`ababab\` |
| characters of a value that a regular expression sees | ${show(MAX_RLIKE_STEPS)} divided by its size |
| levels of JSON inside an attribute | 1,000; what is nested deeper is compared as the text it is |

These limits bound what one clause may cost: filters are evaluated between the records of the live stream, and one clause on a text of 10 MiB takes
about 200 ms at most. LIKE and ILIKE see the whole value. RLIKE with a pattern of size 40 sees the first ${show(MAX_RLIKE_STEPS / 40)} characters of a
value, as if there were no more of it; the smallest part it may see is ${show(MAX_RLIKE_STEPS / MAX_PATTERN_SIZE)}. It is the same in a scorer's filter, in a search and
in an explanation.

## Errors

A filter that is refused is a \`FILTER_INVALID\`. Its message says what is wrong, what is expected there and, where a name is unknown, which
one is near; a caret points at the column. The column counts from 1 in UTF-16 units, and is in the error's context as \`column\`, beside \`expected\`.
`;

/** Filters that are refused, shown with their message. */
export const REFUSED: readonly string[] = [
  "env = 'production'",
  "status = 'OK' AND spans.name = 'search'",
  'status = OK',
  'feedback.relevance = 0.5',
  "name = 'a' AND (status = 'OK'",
];

/** docs/filters.md. */
export function filtersPage(): string {
  return [
    INTRODUCTION,
    FIELDS,
    fieldTable(),
    '',
    AFTER_FIELDS,
    table(
      ['comparator', 'meaning'],
      COMPARATORS.map(([comparators, meaning]) => [comparators.map(code).join(' '), meaning]),
    ),
    '',
    VALUES,
    ...REFUSED.map((filter) => `\`\`\`\n${messageOf(filter)}\n\`\`\`\n`),
  ].join('\n');
}

function fieldTable(): string {
  return table(
    ['field', 'of', 'value', 'comparators', 'meaning'],
    FILTER_FIELDS.map((field) => [
      [showField(field), ...aliasesOf(field)].map(code).join(' '),
      OF[field.scope],
      field.type,
      `\`${field.comparators.join(' · ')}\``,
      `${field.doc}${valuesOf(field)} ${code(field.example)}`,
    ]),
  );
}

const OF: Readonly<Record<FilterField['scope'], string>> = {
  trace: 'the trace',
  span: 'a span',
  assessment: 'assessments',
  link: 'links of the trace',
};

function aliasesOf({ aliases, keyed }: FilterField): readonly string[] {
  return aliases.map((alias) => (keyed ? `${alias}.<key>` : alias));
}

function valuesOf({ values }: FilterField): string {
  return values === undefined ? '' : ` Usual values: ${values.map(code).join(' ')}.`;
}

function messageOf(filter: string): string {
  const parsed = parseFilter(filter);
  return parsed.ok ? `accepted: ${filter}` : toFilterInvalid(filter, parsed.error).message;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function show(limit: number): string {
  return limit.toLocaleString('en-US');
}

/** Every comparator that the page explains. */
export const EXPLAINED: readonly Comparator[] = COMPARATORS.flatMap(([comparators]) => comparators);
