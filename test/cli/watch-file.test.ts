import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { watchFile } from '../../src/cli/watch-file.ts';

async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-watch-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

it('hears of a file that is written, and of one that is put in its place, and of no other', async () => {
  const folder = await openFolder();
  const file = join(folder, 'a.ts');
  await writeFile(file, '1');
  const onSave = vi.fn<() => void>();
  onTestFinished(watchFile(file, onSave));
  await writeFile(join(folder, 'b.ts'), '1');
  await writeFile(file, '2');
  await vi.waitFor(() => expect(onSave).toHaveBeenCalledTimes(1));
  await writeFile(join(folder, 'new.ts'), '3');
  await rename(join(folder, 'new.ts'), file);
  await vi.waitFor(() => expect(onSave).toHaveBeenCalledTimes(2));
});

it('refuses a folder that is not there', () => {
  expect(() => watchFile('/nowhere/at/all/a.ts', () => undefined)).toThrow(
    expect.objectContaining({ code: 'BAD_REQUEST' }),
  );
});
