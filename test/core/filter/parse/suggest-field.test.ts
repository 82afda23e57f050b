import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../../src/core/filter/parse/parse-filter.ts';
import { suggestField } from '../../../../src/core/filter/parse/suggest-field.ts';

function hintOf(field: string): string | undefined {
  const parsed = parseFilter(`${field} = 'x'`);
  if (parsed.ok) return 'accepted';
  return / \(did you mean (.*)\?\)$/.exec(parsed.error.message)?.[1];
}

describe('the hint at an unknown field', () => {
  it.each([
    ['env', 'tags.env'],
    ['`my key`', 'tags.`my key`'],
    ['trace.tags.env', 'tags.env'],
    ['attribute.tags.env', 'tags.env'],
    ['`tags.env`', 'tags.env'],
    ['attributes.env', 'tags.env or span.attributes.env'],
    ['statuss', 'status'],
    ['NAME', 'name'],
    ['trace.Status', 'status'],
    ['attr.status', 'status'],
    ['state', 'status'],
    ['trace_id', 'request_id'],
    ['trace.trace_id', 'request_id'],
    ['user', 'metadata.mlflow.trace.user'],
    ['session_id', 'metadata.mlflow.trace.session'],
    ['mlflow.trace.session', 'metadata.mlflow.trace.session'],
    ['mlflow.llm.model', 'span.attributes.mlflow.llm.model'],
    ['taggs.a', 'tags.a'],
    ['Tags.a', 'tags.a'],
    ['app.version', 'tags.app.version'],
    ['text', 'trace.text'],
    ['trace.Text', 'trace.text'],
    ['spans.name', 'span.name'],
    ['span', 'span.name'],
    ['span.Type', 'span.type'],
    ['span.model', 'span.attributes.model'],
    ['span.attribute.model', 'span.attributes.model'],
    ['Span.attributes.model', 'span.attributes.model'],
    ['feedbacks.quality', 'feedback.quality'],
    ['assessment.quality', 'feedback.quality'],
    ['expectations.x', 'expectation.x'],
    ['issue', 'issue.id'],
    ['issues.id', 'issue.id'],
    ['issue.name', 'issue.id'],
    ['prompts', 'prompt'],
    ['latency', 'execution_time_ms'],
  ])('of %s is %s', (field, hint) => {
    expect(hintOf(field)).toBe(hint);
  });

  it('is not there for the experiment, which is no matter of a filter', () => {
    const parsed = parseFilter("experiment_id = '1'");
    expect(parsed).toMatchObject({ ok: false, error: { column: 1 } });
    expect(hintOf('experiment_id')).toBeUndefined();
  });

  it('names fields that there are', () => {
    const part = fc.oneof(
      fc.constantFrom('span', 'spans', 'attributes', 'trace', 'tag', 'Tags', 'issue', 'feedbacks'),
      fc.constantFrom('env', 'name', 'text', 'case', '1', 'my key', 'a`b', '__proto__', ''),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const hints = suggestField(parts)?.replace('<key>', 'k').split(' or ') ?? [];
        for (const hint of hints) {
          // Which comparators it takes is another question.
          const taken = ["= 'a/1'", "LIKE 'x'", '> 1'].map((rest) =>
            parseFilter(`${hint} ${rest}`),
          );
          expect(
            taken.some(({ ok }) => ok),
            hint,
          ).toBe(true);
        }
      }),
    );
  });
});
