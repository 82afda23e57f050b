import { dirname, sep } from 'node:path';
import { isolatedVmFile } from './isolated-vm-file.ts';
import { withoutNetwork } from './without-network.ts';

/**
 * The command that starts a program under Node's permission model: it may read its own folder, load
 * isolated-vm, and use the network only where this machine cannot take it away (without-network.ts).
 */
export async function sandboxCommand(
  program: string,
): Promise<{ readonly command: string; readonly args: readonly string[] }> {
  const node = process.execPath;
  const options = [
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${dirname(program)}${sep}*`,
    '--no-warnings',
    // Helpers of the collector would cost more processor time than they save here.
    '--single-threaded-gc',
    '--max-old-space-size=256',
    program,
    isolatedVmFile(),
  ];
  const [first, ...others] = await withoutNetwork();
  if (first === undefined) return { command: node, args: options };
  return { command: first, args: [...others, node, ...options] };
}
