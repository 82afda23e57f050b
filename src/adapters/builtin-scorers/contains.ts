import { Feedback } from '@assay/sdk';
import { z } from 'zod';
import { outputsText } from '../../core/outputs-text.ts';
import { defineBuiltin } from './builtin.ts';
import { oneOf, someText, someTexts, trueOrFalse } from './config-fields.ts';
import { quoteAll } from './quote.ts';

const configSchema = z
  .strictObject({
    text: someText().optional().describe('The text to look for.'),
    texts: someTexts().optional().describe('Several texts to look for, instead of one.'),
    match: oneOf(['any', 'all'])
      .default('any')
      .describe('With several: whether one of them is enough, or all must be there.'),
    case_sensitive: trueOrFalse()
      .default(true)
      .describe('Whether upper and lower case differ, as in most programs that search a text.'),
    absent: trueOrFalse()
      .default(false)
      .describe('Turns the answer round: passes where the text is not there.'),
  })
  .refine(({ text, texts }) => (text === undefined) !== (texts === undefined), {
    error: 'expected either text or texts',
  });

/**
 * Whether the outputs, as text (core/outputs-text.ts), contain a text. Always applicable: no outputs
 * contain nothing.
 */
export const contains = defineBuiltin({
  name: 'contains',
  summary: 'The outputs contain a text, or one of several, or all of them, or none.',
  revision: 1,
  configSchema,
  prepare({ text, texts, match, case_sensitive, absent }) {
    const sought = texts ?? [text ?? ''];
    const fold = (each: string): string => (case_sensitive ? each : each.toLowerCase());
    return ({ outputs }) => {
      const within = fold(outputsText(outputs));
      const found = sought.filter((each) => within.includes(fold(each)));
      const missing = sought.filter((each) => !found.includes(each));
      const holds = match === 'all' ? missing.length === 0 : found.length > 0;
      return new Feedback({ value: holds !== absent, rationale: explain(found, missing) });
    };
  },
});

function explain(found: readonly string[], missing: readonly string[]): string {
  const parts = [
    ...(found.length > 0 ? [`found ${quoteAll(found)}`] : []),
    ...(missing.length > 0 ? [`did not find ${quoteAll(missing)}`] : []),
  ];
  return parts.join('; ');
}
