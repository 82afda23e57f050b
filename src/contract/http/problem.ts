import { z } from 'zod';

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** Every error of the API, after RFC 9457. More members depend on the code: `column` and `expected` of a filter, for example. */
export const problemBody = z.looseObject({
  type: z.string().describe('about:blank; the code says what it is.'),
  title: z.string().describe('What the code means.'),
  status: z.int(),
  detail: z.string().describe('What went wrong here and what to do.'),
  instance: z.string().describe('The path that was asked for.'),
  code: z.string().describe('A constant for programs.'),
});

export type ProblemBody = z.output<typeof problemBody>;
