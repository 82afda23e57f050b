import { z } from 'zod';

/** `GET /api/v1/experiments` */
export const experimentsBody = z.object({
  experiments: z.array(
    z.object({
      experiment_id: z.string(),
      archived: z.boolean().nullable().describe("null: as the service's default says."),
      created_at: z.iso.datetime(),
    }),
  ),
});
