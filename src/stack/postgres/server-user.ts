import { AssayError } from '../../core/errors.ts';
import { runTool } from '../run-tool.ts';

/** As whom the server runs; empty: as ourselves. */
export type ServerUser =
  | Readonly<Record<string, never>>
  | { readonly uid: number; readonly gid: number };

/** Postgres refuses to run as root, so root lends it another user. `nobody` is there on every system. */
const CANDIDATES = ['postgres', 'nobody'];

export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return {};
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([idOf('-u', name), idOf('-g', name)]);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new AssayError(
    'STACK_UNAVAILABLE',
    'Postgres does not run as root, and there is no other user to run it as (postgres, nobody)',
  );
}

async function idOf(option: string, name: string): Promise<number | undefined> {
  const result = await runTool('id', [option, name]);
  return result.kind === 'ended' && result.code === 0 ? Number(result.output) : undefined;
}
