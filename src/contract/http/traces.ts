import { z } from 'zod';
import { experimentParams } from './scorers.ts';

export const traceParams = experimentParams.extend({
  trace_id: z.string().min(1).describe('Any spelling: tr-<32 hex>, <32 hex> or trace:/…/<32 hex>.'),
});
