import { Feedback, scorer } from '@assay/sdk';

const MAX_WORDS = 60;

/**
 * Whether an answer is short enough to be read. Stands for itself, so that it can go to a running service as source:
 * `npx assay scorers register brief --file examples/scorers/brief.ts`.
 */
export const brief = scorer({ name: 'brief' }, ({ outputs }) => {
  const text = typeof outputs === 'string' ? outputs : JSON.stringify(outputs);
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  return new Feedback({ value: words <= MAX_WORDS, rationale: `${words} words` });
});
