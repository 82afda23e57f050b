import { Feedback } from '@assay/sdk';
import { z } from 'zod';
import { outputsText } from '../../core/outputs-text.ts';
import { defineBuiltin } from './builtin.ts';
import { trueOrFalse } from './config-fields.ts';
import { compilePattern } from './compile-pattern.ts';
import { quote } from './quote.ts';

const FLAGS_ERROR = 'expected flags out of i (any case), s (. is any character), m (^ $ per line)';
const MAX_PATTERN = 1000;
const PATTERN_ERROR = `expected a regular expression of at most ${MAX_PATTERN} characters`;

const configSchema = z
  .strictObject({
    pattern: z
      .string({ error: PATTERN_ERROR })
      .min(1, { error: PATTERN_ERROR })
      .max(MAX_PATTERN, { error: PATTERN_ERROR })
      .describe('RE2 syntax: no look-around, no back references. Searched anywhere in the text.'),
    flags: z
      .string({ error: FLAGS_ERROR })
      .regex(/^(?!.*(.).*\1)[ism]*$/, { error: FLAGS_ERROR })
      .default('')
      .describe('Any of i (any case), s (. is any character), m (^ and $ per line).'),
    absent: trueOrFalse()
      .default(false)
      .describe('Turns the answer round: passes where nothing matches.'),
  })
  .superRefine(({ pattern, flags }, context) => {
    const compiled = compilePattern(pattern, flags);
    if (compiled.ok) return;
    context.addIssue({ code: 'custom', path: ['pattern'], message: compiled.problem });
  });

/**
 * Whether a regular expression matches somewhere in the outputs, as text (core/outputs-text.ts), in
 * time linear in its length. Always applicable: no outputs are empty text.
 */
export const regex = defineBuiltin({
  name: 'regex',
  summary: 'A regular expression matches somewhere in the outputs, or nowhere.',
  revision: 1,
  configSchema,
  prepare({ pattern, flags, absent }) {
    const compiled = compilePattern(pattern, flags);
    // The schema has let it through, so this is for the compiler alone.
    if (!compiled.ok) throw new Error(compiled.problem);
    const { search } = compiled;
    return ({ outputs }) => {
      const match = search(outputsText(outputs));
      const rationale =
        match === undefined ? 'nothing matches the pattern' : `matched ${quote(match)}`;
      return new Feedback({ value: (match !== undefined) !== absent, rationale });
    };
  },
});
