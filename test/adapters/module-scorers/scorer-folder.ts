import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { put, tempFolder } from './temp-folder.ts';

const SDK = fileURLToPath(new URL('../../../packages/sdk', import.meta.url));

/** A folder in which `@assay/sdk` is installed, as where an operator writes scorers. */
export async function scorerFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder({ 'package.json': '{ "type": "module" }', ...files });
  await put(folder, 'node_modules/@assay/.keep', '');
  await symlink(SDK, join(folder, 'node_modules/@assay/sdk'));
  return folder;
}
