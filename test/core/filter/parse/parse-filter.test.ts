import { describe, expect, it } from 'vitest';
import type { FilterNode } from '../../../../src/core/filter/filter-node.ts';
import {
  MAX_CLAUSES,
  MAX_DEPTH,
  MAX_LIST_VALUES,
} from '../../../../src/core/filter/filter-limits.ts';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { printFilter } from '../../../../src/core/filter/print-filter.ts';

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
    ['end_time > 5', 'end_time_ms > 5'],
    ['timestamp IN (5,)', 'timestamp_ms = 5'],
    ["trace.execution_time NOT IN (5, '6')", 'execution_time_ms != 5 AND execution_time_ms != 6'],
    ["trace.request_id = 'tr-1'", "request_id = 'tr-1'"],
    ["client_request_id not in ('r')", "client_request_id NOT IN ('r')"],
    ["attributes.run_id = 'r'", "run_id = 'r'"],
    ["trace.prompt = 'p/1'", "prompt = 'p/1'"],
    ["issue.`id` = 'i'", "issue.id = 'i'"],
    ["span.`name` = 'llm'", "span.name = 'llm'"],
    ["span.type in ('LLM')", "span.type IN ('LLM')"],
    ['span.type is not null', 'span.type IS NOT NULL'],
    ["span.name not LIKE 'a%'", "span.name NOT LIKE 'a%'"],
    ["trace.text like '%x%'", "span.content LIKE '%x%'"],
    ["attribute.text ILIKE '%x%'", "span.content ILIKE '%x%'"],
    ["span.attributes.mlflow.llm.model = 'm'", "span.attributes.mlflow.llm.model = 'm'"],
    ["span.attributes.`my key` = 'm'", "span.attributes.`my key` = 'm'"],
    ['span.attributes."a" IS NULL', 'span.attributes.a IS NULL'],
    ["feedback.name = 'x'", "feedback.name = 'x'"],
    ["feedback.`case` = 'x'", "feedback.`case` = 'x'"],
    ['feedback.score > .5', 'feedback.score > 0.5'],
    ["feedback.score = '5'", "feedback.score = '5'"],
    ["feedback.quality not like 'g%'", "feedback.quality NOT LIKE 'g%'"],
    ["expectation.`a b` IN ('y')", "expectation.`a b` IN ('y')"],
    ["not(status='OK'or name='x')", "NOT (status = 'OK' OR name = 'x')"],
  ])('reads %j as %s', (text, printed) => {
    expect(printFilter(parsed(text))).toBe(printed);
  });

  it.each([
    ['   ', 1, 'only white space'],
    ["tags.a = 'x\0'", 12, 'U+0000'],
    ["tags = 'x'", 1, 'tags needs a key'],
    ["tags.my-key = 'x'", 1, "a key with '-' cannot stand without quotes"],
    ["tags.my-1 = 'x'", 1, "a key with '-' cannot stand without quotes"],
    ["tags.my key = 'x'", 9, 'unexpected key'],
    ["feedback.Case = 'x'", 1, 'the key Case cannot stand without quotes'],
    ["tags.a.in = 'x'", 1, 'the key a.in cannot stand without quotes'],
    ["span.attributes LIKE 'x'", 1, 'span.attributes needs a key'],
    ["span.attributes. LIKE 'x'", 17, 'a part of the key is empty'],
    ["feedback. = 'x'", 10, 'a part of the key is empty'],
    ["tags.123 = 'x'", 1, 'the key 123 cannot stand without quotes'],
    ["tags.a.`b` = 'x'", 1, 'the key a.b cannot stand without quotes'],
    ["tags.`` = 'x'", 8, 'a part of the key is empty'],
    ["tags.`a = 'x'", 6, 'unexpected ` without its closing quote'],
    ["'name' = 'x'", 1, 'text in single quotes is not a field'],
    ["AND name = 'x'", 1, 'unexpected AND'],
    ["(name = 'x'", 12, 'the parenthesis of column 1 is not closed'],
    ["(name = 'x' name = 'y')", 13, 'unexpected name after a clause'],
    ["name = 'x')", 11, 'unexpected ) after a clause'],
    ['()', 2, 'unexpected )'],
    ['NOT', 4, 'the filter ends too early'],
    ["! name = 'x'", 1, 'unexpected ! (did you mean NOT?)'],
    ["name = 'a' OR", 14, 'the filter ends too early'],
    ["name = 'a' OR OR name = 'b'", 15, 'unexpected OR'],
    ["name = 'a' && name = 'b'", 12, 'unexpected && after a clause (did you mean AND?)'],
    ["name = 'a' || name = 'b'", 12, 'unexpected || after a clause (did you mean OR?)'],
    ["name = 'a', status = 'OK'", 11, 'unexpected , after a clause'],
    ["name = 'a' -- c", 12, 'unexpected - after a clause'],
    ["name = 'a' LIMIT 5", 12, 'unexpected LIMIT after a clause'],
    ['name', 5, 'the filter ends too early'],
    ['name =', 7, 'the filter ends too early'],
    ["name == 'x'", 6, 'name does not take ==; write ='],
    ["status <> 'x'", 8, 'status does not take <>; write !='],
    ["status = < 'x'", 10, 'unexpected <'],
    ["status REGEXP 'x'", 8, 'unexpected REGEXP (did you mean RLIKE?)'],
    ["status LKE 'x'", 8, 'unexpected LKE (did you mean LIKE?)'],
    ['timestamp_ms BETWEEN 1 AND 5', 14, 'did you mean >= and <= in two clauses?'],
    ['name NOT NULL', 6, 'unexpected NOT (did you mean IS NOT NULL?)'],
    ["span.content NOT LIKE 'x'", 14, 'does not take NOT LIKE; write NOT span.content LIKE'],
    ["span.name like 'x'", 11, 'LIKE is written in upper case'],
    ["span.attributes.a not ilike 'x'", 19, 'NOT ILIKE is written in upper case'],
    ["issue.id != 'x'", 10, 'issue.id does not take !='],
    ["prompt = 'p'", 10, 'the value is no version of a prompt'],
    ["prompt = 'a/1/b'", 10, 'the value is no version of a prompt'],
    ['feedback.score = 5', 18, '= compares text here, not numbers'],
    ["feedback.score > '5'", 18, "unexpected '5'"],
    ["feedback.score > 'abc'", 18, "unexpected 'abc'"],
    ['status IS NULL', 8, 'status does not take IS NULL'],
    ['name IS NOT   NULL', 9, 'more than one space between NOT and NULL'],
    ['name IS', 8, 'the filter ends too early'],
    ['name = x', 8, 'unexpected x'],
    ['name = `x`', 8, 'unexpected `x`'],
    ['name = 5', 8, 'unexpected 5'],
    ["name = 'abc", 8, "unexpected ' without its closing quote"],
    ["name = 'it\\'s'", 13, 'unexpected s after a clause'],
    ["name RLIKE 'a(?=b)'", 12, 'the pattern cannot be used'],
    ["name RLIKE '(a{900}){900}'", 12, 'written out it has more than 500 parts'],
    [`name RLIKE '${'a'.repeat(1_001)}'`, 12, 'longer than 1000 characters'],
    ["name RLIKE '[\\pL]{999}'", 12, 'written out it has more than 500 parts'],
    [`name RLIKE '(((${'x'.repeat(960)}){10}){10}){10}'`, 12, 'more than 500 parts'],
    [`name LIKE '%${'a'.repeat(100)}_${'a'.repeat(28)}%'`, 11, 'has 129 characters with _ among'],
    [`name NOT ILIKE '%a%${'b_'.repeat(65)}b%'`, 16, 'has 131 characters with _ among'],
    [`name NOT LIKE '${'a'.repeat(1_001)}'`, 15, 'the pattern has 1001 characters'],
    ['status IN ()', 12, 'unexpected )'],
    ["status IN (('OK'))", 12, 'unexpected ('],
    ['timestamp IN (1, 2.5)', 18, 'timestamp is compared with whole numbers'],
    ["timestamp_ms IN ('a')", 18, "unexpected 'a'"],
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
    `name LIKE '${'_a'.repeat(300)}%${'_a'.repeat(100)}'`,
    `name LIKE '%${'_'.repeat(900)}#%'`,
    `name LIKE '%${'a'.repeat(900)}__%'`,
    `name ILIKE '%${'a'.repeat(64)}_${'a'.repeat(63)}%'`,
    `name RLIKE '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'`,
    `name RLIKE '[\\x{10000}-\\x{10FFFF}]'`,
    `name RLIKE '\\pL{490}'`,
  ])('accepts %s, whose cost is bounded', (text) => {
    expect(parseFilter(text)).toMatchObject({ ok: true });
  });

  it('says which comparators a field takes', () => {
    expect(refused("tags.a > 'x'").expected).toBe(
      'one of =, !=, IN, NOT IN, LIKE, ILIKE, RLIKE, NOT LIKE, NOT ILIKE, NOT RLIKE, IS NULL, IS NOT NULL',
    );
    expect(refused("timestamp_ms LIKE '1%'").expected).toBe(
      'one of =, !=, >, >=, <, <=, IN, NOT IN',
    );
    expect(refused("prompt LIKE 'p'").expected).toBe('one of =');
  });

  it('says how a bare value would be right', () => {
    expect(refused('status = OK').expected).toBe("text in quotes: 'OK'");
    expect(refused('feedback.thumbs_up = true').expected).toBe("text in quotes: 'true'");
    expect(refused('tags.a = 5').expected).toBe("text in quotes: '5'");
    expect(refused('tags.a = NULL').expected).toContain('IS NULL');
    expect(refused("name = 'it's'").expected).toContain("text with ' in it");
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

  it('counts a list of numbers as that many clauses', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, n) => n).join(', ');
    expect(parseFilter(`timestamp_ms IN (${numbers(MAX_CLAUSES)})`).ok).toBe(true);
    expect(refused(`timestamp_ms IN (${numbers(MAX_CLAUSES + 1)})`).message).toBe(
      'the filter has more than 100 clauses',
    );
  });

  it('refuses a list of too many values at the first that is too many', () => {
    const list = (count: number) => `name IN (${"'a',".repeat(count)})`;
    expect(parseFilter(list(MAX_LIST_VALUES)).ok).toBe(true);
    expect(refused(list(MAX_LIST_VALUES + 1))).toEqual({
      message: 'the list has more than 1000 values',
      column: 10 + 4 * MAX_LIST_VALUES,
      expected: 'at most 1000',
    });
  });

  it.each([
    ['(', ')'],
    ['NOT ', ''],
    ['NOT (', ')'],
  ])('refuses %j deeper than allowed, where it is too deep', (open, close) => {
    const levels = open === 'NOT (' ? 2 : 1;
    const nested = (count: number) => `${open.repeat(count)}name = 'x'${close.repeat(count)}`;
    expect(parseFilter(nested(MAX_DEPTH / levels)).ok).toBe(true);
    const error = refused(nested(MAX_DEPTH / levels + 1));
    expect(error.message).toContain('nested more than 30 deep');
    expect(error.column).toBe(1 + (MAX_DEPTH / levels) * open.length);
  });

  it('keeps an AND in parentheses apart, and takes an OR in an OR for one', () => {
    const clause = (value: string): FilterNode => ({
      kind: 'text',
      field: { name: 'span.name' },
      comparator: '=',
      value,
    });
    const [a, b, c] = [clause('a'), clause('b'), clause('c')];
    const text = (value: string) => `span.name = '${value}'`;
    expect(parsed(`${text('a')} AND (${text('b')} AND ${text('c')})`)).toEqual({
      kind: 'and',
      operands: [a, { kind: 'and', operands: [b, c] }],
    });
    expect(parsed(`${text('a')} OR (${text('b')} OR ((${text('c')})))`)).toEqual({
      kind: 'or',
      operands: [a, b, c],
    });
    expect(parsed(`${text('a')} OR NOT ${text('b')} AND ${text('c')}`)).toEqual({
      kind: 'or',
      operands: [a, { kind: 'and', operands: [{ kind: 'not', operand: b }, c] }],
    });
  });
});
