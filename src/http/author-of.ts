import type { FastifyRequest } from 'fastify';

const MAX_LENGTH = 200;

/** Who asks for a change, as the history shows it: what the caller says, until there are API keys. */
export function authorOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const given = headers['x-assay-author'];
  const author = (Array.isArray(given) ? given.join(', ') : (given ?? '')).trim();
  return author === '' ? 'anonymous' : author.slice(0, MAX_LENGTH);
}
