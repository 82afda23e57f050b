import { z } from 'zod';

/** `GET /livez`: the process answers. */
export const livezBody = z.object({ status: z.literal('alive') });

/** `GET /readyz`: 200 when ready, 503 when not. */
export const readyzBody = z.object({
  ready: z.boolean(),
  dependencies: z.array(
    z.object({
      name: z.string(),
      ready: z.boolean(),
      since: z.iso.datetime().describe('Since when it is in this state.'),
      detail: z
        .string()
        .nullable()
        .describe('What is wrong and what to do; also something wrong that it is ready with.'),
    }),
  ),
});

export type ReadyzBody = z.output<typeof readyzBody>;
