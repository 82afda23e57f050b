import { z } from 'zod';
import { rfc3339, stringMap, text } from './trace-event-fields.ts';
import type { Spell } from './trace-event-fields.ts';

const sourceType = z.enum(['HUMAN', 'CODE', 'LLM_JUDGE', 'AI_JUDGE', 'SOURCE_TYPE_UNSPECIFIED']);

function source(spell: Spell) {
  return z.looseObject({
    [spell('source_type')]: sourceType.nullish(),
    [spell('source_id')]: text.describe('A person, the name of a scorer, the URI of a model.'),
  });
}

function feedback(spell: Spell) {
  const error = z.looseObject({
    [spell('error_code')]: text,
    [spell('error_message')]: text,
    [spell('stack_trace')]: text,
  });
  return z.looseObject({ value: z.unknown().optional(), error: error.nullish() });
}

function expectation(spell: Spell) {
  const serialized = z
    .looseObject({ value: text })
    .nullish()
    .describe('The value of lists and objects, as JSON text.');
  return z.looseObject({ value: z.unknown().optional(), [spell('serialized_value')]: serialized });
}

/** Feedback, an expectation or a linked issue that the trace brings along. */
export function assessment(spell: Spell) {
  return z
    .looseObject({
      [spell('assessment_id')]: text,
      [spell('assessment_name')]: z.string().min(1),
      [spell('span_id')]: z.string().max(1024).nullish(),
      source: source(spell).nullish(),
      [spell('create_time')]: rfc3339.nullish(),
      [spell('last_update_time')]: rfc3339.nullish(),
      rationale: text,
      metadata: stringMap,
      overrides: text.describe('The id of the assessment that this one replaces.'),
      valid: z.boolean().nullish().describe('false once it was replaced.'),
      feedback: feedback(spell).nullish(),
      expectation: expectation(spell).nullish(),
      issue: z.looseObject({ [spell('issue_name')]: text }).nullish(),
    })
    .describe('One of feedback, expectation and issue says what it is.');
}
