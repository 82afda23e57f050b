import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DOCUMENTS = ['docs/SPEC.md', 'ARCHITECTURE.md', 'README.md', 'CONTRIBUTING.md'];

/** Paths of the repository that a document names in backticks or links to. */
function namedPaths(text: string): readonly string[] {
  const quoted = [...text.matchAll(/`((?:src|test|schemas|examples|packages|docs)\/[\w./-]+)`/g)];
  const linked = [...text.matchAll(/\]\(([\w./-]+)\)/g)];
  return [...quoted, ...linked].map(([, path = '']) => path);
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8');
  const folder = document.startsWith('docs/') ? 'docs/' : '';

  it('names only files that exist', () => {
    const paths = namedPaths(text);
    expect(paths.length).toBeGreaterThan(3);
    const missing = paths.filter((path) => !existsSync(path) && !existsSync(`${folder}${path}`));
    expect(missing).toEqual([]);
  });
});

describe('docs/SPEC.md', () => {
  it('has every invariant and every trap, in order', () => {
    const rows = readFileSync('docs/SPEC.md', 'utf8').matchAll(/^\| ([IT]\d+) \|/gm);
    const expected = [
      ...Array.from({ length: 17 }, (_, n) => `I${n + 1}`),
      ...Array.from({ length: 15 }, (_, n) => `T${n + 1}`),
    ];
    expect([...rows].map(([, id]) => id)).toEqual(expected);
  });
});
