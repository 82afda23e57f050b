import { describe, expect, it } from 'vitest';
import { versionDiff } from '../../../src/core/code-scorer/version-diff.ts';

function code(version: number, source: string, more: Readonly<Record<string, unknown>> = {}) {
  return { version, definition: { kind: 'code', source, ...more } };
}

describe('the difference between versions', () => {
  it('is that of the source of code scorers, as unified text', () => {
    const before = code(
      1,
      '({ outputs }) => {\n  const max = 5;\n  return outputs.length < max;\n}',
    );
    const after = code(
      3,
      '({ outputs }) => {\n  const max = 7;\n  return outputs.length < max;\n}',
    );
    expect(versionDiff(before, after)).toBe(
      [
        '--- version 1',
        '+++ version 3',
        '@@ -1,4 +1,4 @@',
        ' ({ outputs }) => {',
        '-  const max = 5;',
        '+  const max = 7;',
        '   return outputs.length < max;',
        ' }',
        '',
      ].join('\n'),
    );
  });

  it('shows the settings of a code scorer before its source', () => {
    const diff = versionDiff(code(1, '() => 1'), code(2, '() => 1', { timeout_ms: 50 }));
    expect(diff.split('\n').slice(2)).toEqual([
      '@@ -1,1 +1,2 @@',
      '+timeout_ms: 50',
      ' () => 1',
      '',
    ]);
  });

  it('is that of the definition of other scorers, as JSON', () => {
    const [before, after] = ['a', 'b'].map((text, index) => ({
      version: index + 1,
      definition: { kind: 'builtin', builtin: 'contains', config: { text } },
    }));
    if (before === undefined || after === undefined) throw new Error('two are needed');
    expect(versionDiff(before, after)).toMatch(/^-    "text": "a"\n\+    "text": "b"$/m);
  });

  it('is empty where nothing changed', () => {
    expect(versionDiff(code(1, '() => 1'), code(2, '() => 1'))).toBe('');
  });
});
