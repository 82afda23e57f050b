import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../src/core/filter/filter-node.ts';
import { MAX_CLAUSES, parseFilter } from '../../../src/core/filter/parse-filter.ts';
import { printFilter } from '../../../src/core/filter/print-filter.ts';

function parsed(text: string): FilterNode {
  const result = parseFilter(text);
  if (result.ok) return result.filter;
  throw new Error(`${text}: ${result.error.message}`);
}

function refused(text: string): {
  readonly message: string;
  readonly column: number;
  readonly expected: string;
} {
  const result = parseFilter(text);
  if (!result.ok) return result.error;
  throw new Error(`accepted: ${text}`);
}

describe('parseFilter', () => {
  it('makes a tree of the clauses', () => {
    expect(parsed("trace.status IN ('OK', \"ERROR\",) and tag.`my key` != 'a'")).toEqual({
      kind: 'and',
      operands: [
        { kind: 'list', field: { name: 'status' }, comparator: 'IN', values: ['OK', 'ERROR'] },
        { kind: 'text', field: { name: 'tags', key: 'my key' }, comparator: '!=', value: 'a' },
      ],
    });
    expect(parsed('execution_time >= -1.5e3')).toEqual({
      kind: 'number',
      field: { name: 'execution_time_ms' },
      comparator: '>=',
      value: -1500,
    });
    expect(parsed('request_metadata.mlflow.trace.session is not null')).toEqual({
      kind: 'presence',
      field: { name: 'metadata', key: 'mlflow.trace.session' },
      comparator: 'IS NOT NULL',
    });
  });

  it('takes the empty string for the filter that every trace passes', () => {
    expect(parsed('')).toEqual({ kind: 'and', operands: [] });
  });

  it.each([
    ["status = 'ok'", "status = 'ok'"],
    ["attributes.name='x'", "name = 'x'"],
    ['name = "it\'s"', 'name = "it\'s"'],
    ["name = 'it''s'", "name = 'it''s'"],
    ["name = 'c:\\' AND status = 'OK'", "name = 'c:\\' AND status = 'OK'"],
    ["name = '--c'", "name = '--c'"],
    ["`tags`.a = 'x'", "tags.a = 'x'"],
    ["tags.'a' = 'x'", "tags.a = 'x'"],
    ["tags.order = 'x'", "tags.order = 'x'"],
    ["tags.`a:b` = 'x'", "tags.`a:b` = 'x'"],
    ["tags.ключ = 'x'", "tags.ключ = 'x'"],
    ["tags.`1` = 'x'", "tags.`1` = 'x'"],
    ['tags."a`b" = \'x\'', 'tags."a`b" = \'x\''],
    ["metadata.a\nILIKE\t'%X%'", "metadata.a ILIKE '%X%'"],
    ['tags.a = "x\' AND status = \'OK"', 'tags.a = "x\' AND status = \'OK"'],
    ["status='OK'AND name='x'", "status = 'OK' AND name = 'x'"],
    ['timestamp > 1 AND trace.timestamp > 1.5', 'timestamp_ms > 1 AND timestamp_ms > 1.5'],
    ['timestamp_ms > .5', 'timestamp_ms > 0.5'],
    ['timestamp_ms > -0', 'timestamp_ms > 0'],
    ['timestamp_ms < 1e300', 'timestamp_ms < 1e300'],
    ["execution_time_ms < '100'", 'execution_time_ms < 100'],
  ])('reads %j as %s', (text, printed) => {
    expect(printFilter(parsed(text))).toBe(printed);
  });

  it.each([
    ['   ', 1, 'only white space'],
    ["tags.a = 'x\0'", 12, 'U+0000'],
    ["statuss = 'OK'", 1, "unknown field 'statuss' (did you mean 'status'?)"],
    ["NAME = 'x'", 1, "unknown field 'NAME' (did you mean 'name'?)"],
    ["status = 'OK' AND user = 'u'", 19, 'it is called metadata.mlflow.trace.user'],
    ["taggs.a = 'x'", 1, "unknown entity 'taggs' (did you mean 'tags'?)"],
    ["trace.tags.a = 'x'", 1, "tags stands without 'trace.' before it"],
    ["tags = 'x'", 1, 'tags needs a key'],
    ["tags.my-key = 'x'", 1, "a key with '-' cannot stand without quotes"],
    ["tags.123 = 'x'", 1, 'the key 123 cannot stand without quotes'],
    ["tags.a.`b` = 'x'", 1, 'the key a.b cannot stand without quotes'],
    ["tags.`` = 'x'", 8, 'a part of the key is empty'],
    ["tags.`a = 'x'", 6, 'unexpected ` without its closing quote'],
    ["'name' = 'x'", 1, 'text in single quotes is not a field'],
    ["AND name = 'x'", 1, 'unexpected AND'],
    ["(name = 'x')", 1, 'this version has no parentheses'],
    ["not name = 'x'", 1, 'this version has no NOT'],
    ["name = 'a' OR name = 'b'", 12, 'does not join clauses with OR'],
    ["name = 'a', status = 'OK'", 11, 'unexpected , after a clause'],
    ["name = 'a' -- c", 12, 'unexpected - after a clause'],
    ["name = 'a' LIMIT 5", 12, 'unexpected LIMIT after a clause'],
    ['name', 5, 'the filter ends too early'],
    ['name =', 7, 'the filter ends too early'],
    ["name == 'x'", 6, 'name does not take ==; write ='],
    ["status <> 'x'", 8, 'status does not take <>; write !='],
    ["status NOT LIKE 'x'", 8, 'status does not take NOT LIKE'],
    ['status IS NULL', 8, 'status does not take IS NULL'],
    ['name IS NOT   NULL', 9, 'more than one space between NOT and NULL'],
    ['name IS', 8, 'the filter ends too early'],
    ['name = x', 8, 'unexpected x'],
    ['name = `x`', 8, 'unexpected `x`'],
    ['name = 5', 8, 'unexpected 5'],
    ["name = 'abc", 8, "unexpected ' without its closing quote"],
    ["name = 'it\\'s'", 13, 'unexpected s after a clause'],
    ["name RLIKE 'a(?=b)'", 12, 'the pattern cannot be used'],
    ["name RLIKE '(a{900}){900}'", 12, 'its repetitions add up to more than 1000'],
    [`name RLIKE '${'a'.repeat(1_001)}'`, 12, 'longer than 1000 characters'],
    ['status IN ()', 12, 'unexpected )'],
    ["status IN ('OK' 'x')", 17, "unexpected 'x'"],
    ["status IN 'OK'", 11, "unexpected 'OK'"],
    ['timestamp > 100.5', 13, 'timestamp is compared with whole numbers'],
    ["timestamp > '100'", 13, 'timestamp is compared with whole numbers'],
    ['timestamp_ms > 1_000', 16, 'unexpected 1_000'],
    ['timestamp_ms > 1e999', 16, 'the number is too large'],
    ["timestamp_ms > '1 000'", 16, "unexpected '1 000'"],
  ])('refuses %j at column %i: %s', (text, column, message) => {
    const error = refused(text);
    expect(error.message).toContain(message);
    expect(error.column).toBe(column);
    expect(error.expected).not.toBe('');
  });

  it.each([
    ["span.type = 'LLM'", 'span.type'],
    ["feedback.quality = 'good'", 'feedback.quality'],
    ['expectation.score > 5', 'expectation.score'],
    ["issue.id = 'i'", 'issue.id'],
    ["trace.text LIKE '%x%'", 'text'],
    ["attributes.run_id = 'r'", 'run_id'],
    ["prompt = 'p/1'", 'prompt'],
    ["request_id = 'tr-1'", 'request_id'],
    ['end_time > 5', 'end_time'],
  ])('says of %s that this version does not filter on it', (text, field) => {
    expect(refused(text).message).toBe(`this version does not filter on ${field}`);
  });

  it('says which comparators a field takes', () => {
    expect(refused("tags.a IN ('x')").expected).toBe(
      'one of =, !=, LIKE, ILIKE, RLIKE, IS NULL, IS NOT NULL',
    );
    expect(refused("timestamp_ms LIKE '1%'").expected).toBe('one of =, !=, >, >=, <, <=');
  });

  it('refuses filters of more clauses or characters than allowed', () => {
    const clauses = Array.from({ length: MAX_CLAUSES }, () => "name = 'x'");
    expect(parseFilter(clauses.join(' AND ')).ok).toBe(true);
    expect(refused([...clauses, "name = 'x'"].join(' AND ')).message).toBe(
      'the filter has more than 100 clauses',
    );
    expect(refused(`name = '${'x'.repeat(10_000)}'`)).toEqual({
      message: 'the filter has 10009 characters',
      column: 10_001,
      expected: 'at most 10000',
    });
  });

  it.each(["'", '"', '`', "name = '", 'tags.', 'a.', '1.', '-', '((', 'AND ', "''"])(
    'takes no longer for 10,000 characters of %j than for others',
    (piece) => {
      const text = piece.repeat(10_000 / piece.length);
      const started = performance.now();
      expect(parseFilter(text).ok).toBe(false);
      expect(performance.now() - started).toBeLessThan(500);
    },
  );

  it('gives a tree or an error within the text for anything at all', () => {
    const pieces = ['status', 'name', 'tags.a', 'metadata', 'timestamp', 'trace', "'OK'", '5']
      .concat(['AND', 'NOT', 'IS', 'NULL', 'LIKE', 'RLIKE', 'IN', '=', '!=', '<', '(', ')', ','])
      .concat(['.', "'", '"', '`', '-', 'e', '\n', ' ', '\0', '💥', '\ud83d', '\\', '%']);
    const many = fc.array(fc.constantFrom(...pieces));
    const dense = many.map((each) => each.join(''));
    const spaced = many.map((each) => each.join(' '));
    fc.assert(
      fc.property(fc.oneof(dense, spaced, fc.string()), (filter) => {
        const result = parseFilter(filter);
        const again = result.ok ? parseFilter(printFilter(result.filter)) : result;
        expect(again).toEqual(result);
        const column = result.ok ? 1 : result.error.column;
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual(filter.length + 1);
      }),
      { numRuns: 2_000 },
    );
  });
});
