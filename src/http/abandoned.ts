import type { FastifyReply } from 'fastify';

/** Aborted when the client goes away before it has its answer. */
export function abandoned({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  raw.once('close', () => controller.abort());
  return controller.signal;
}
