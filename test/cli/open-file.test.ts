import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openFile } from '../../src/cli/open-file.ts';
import { readConfigText } from '../../src/cli/read-config-text.ts';
import { collect } from './collect.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'assay-test-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

describe('openFile', () => {
  it('gives the bytes of a file', async () => {
    const file = join(folder(), 'a.jsonl');
    writeFileSync(file, 'one\ntwo\n');
    const chunks = await collect(openFile(file));
    expect(Buffer.concat(chunks).toString()).toBe('one\ntwo\n');
  });

  it('says that a file is not there, or cannot be read', async () => {
    const path = folder();
    const missing = join(path, 'missing');
    await expect(collect(openFile(missing))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: `there is no file ${missing}`,
    });
    await expect(collect(openFile(path))).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      message: `the file ${path} cannot be read (EISDIR)`,
    });
  });
});

describe('readConfigText', () => {
  it('tells a missing file from one that cannot be read', () => {
    const path = folder();
    expect(readConfigText(join(path, 'assay.yaml'))).toBeUndefined();
    expect(() => readConfigText(path)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }) as Error,
    );
  });
});
