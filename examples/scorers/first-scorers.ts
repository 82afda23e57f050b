import { setTimeout as wait } from 'node:timers/promises';
import {
  Feedback,
  notApplicable,
  Scorer,
  scorer,
  type ScorerArguments,
  type ScorerReturn,
} from '@assay/sdk';
import { z } from 'zod';

/**
 * First scorers, to copy from. Assay loads this file with
 *
 *     ASSAY_SCORERS=examples/scorers/first-scorers.ts
 *
 * and each exported scorer can then be registered under its name, as often as wanted.
 */

/** The answer as text: what the application returned, or its field `answer`. */
function answerOf(outputs: unknown): string | undefined {
  if (typeof outputs === 'string') return outputs;
  if (typeof outputs !== 'object' || outputs === null || !('answer' in outputs)) return undefined;
  return typeof outputs.answer === 'string' ? outputs.answer : undefined;
}

const words = new Intl.Segmenter('en', { granularity: 'word' });

/** A number for each answer; queries and `evaluate` sum the numbers up. */
export const wordCount = scorer(
  { name: 'word_count', aggregations: ['mean', 'p90', 'max'] },
  ({ outputs }) => {
    const answer = answerOf(outputs);
    if (answer === undefined) return notApplicable('there is no answer');
    return [...words.segment(answer)].filter(({ isWordLike }) => isWordLike).length;
  },
);

/**
 * Written for answers of the form `{ answer, citations }`. An answer of another form makes it throw:
 * that trace gets an error feedback with the message and the place, and nothing else is disturbed.
 */
export const citesSources = scorer({ name: 'cites_sources' }, ({ outputs }) => {
  const { citations } = outputs as { citations: readonly { readonly n: number }[] };
  return citations.length > 0;
});

/** Asks another service, or would: here it only waits. The signal ends the wait when time is up. */
export const tone = scorer(
  {
    name: 'tone',
    description: 'Whether the answer is friendly.',
    timeoutMs: 5000,
    concurrency: 32,
  },
  async ({ outputs, signal }) => {
    const answer = answerOf(outputs);
    if (answer === undefined) return notApplicable('there is no answer');
    await wait(200 + (answer.length % 200), undefined, { signal });
    const isBlunt = /^no\b|\bcan't\b|\bcannot\b/i.test(answer);
    return new Feedback({
      value: isBlunt ? 'no' : 'yes',
      rationale: isBlunt ? 'The answer refuses bluntly.' : 'Nothing in it is blunt.',
    });
  },
);

/** A class takes a configuration: each registration has settings, and an instance, of its own. */
export class ForbiddenPhrases extends Scorer<{ phrases: string[] }> {
  static readonly configSchema = z.strictObject({
    phrases: z.array(z.string().min(1)).min(1),
  });

  score({ outputs }: ScorerArguments): ScorerReturn {
    const answer = answerOf(outputs)?.toLowerCase();
    if (answer === undefined) return notApplicable('there is no answer');
    const found = this.config.phrases.filter((phrase) => answer.includes(phrase.toLowerCase()));
    return new Feedback({
      value: found.length === 0,
      rationale: found.length === 0 ? 'None of the phrases occurs.' : `Found: ${found.join(', ')}`,
    });
  }
}

/** What a retriever returns: documents with a score each. */
const retrieved = z.array(z.object({ metadata: z.object({ score: z.number() }) }));

/** One feedback for each retrieval step, about its span: how well the best document matched. */
export const retrievalScore = scorer(
  { name: 'retrieval_score', aggregations: ['min', 'mean'] },
  ({ trace }) => {
    const retrievals = trace?.searchSpans({ type: 'RETRIEVER' }) ?? [];
    if (retrievals.length === 0) return notApplicable('the trace retrieves nothing');
    return retrievals.map((span) => {
      const documents = retrieved.safeParse(span.outputs).data ?? [];
      return new Feedback({
        name: `${span.name}_score`,
        value: Math.max(0, ...documents.map(({ metadata }) => metadata.score)),
        spanId: span.spanId,
        metadata: { documents: documents.length },
      });
    });
  },
);
