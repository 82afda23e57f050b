import { describe, expect, it } from 'vitest';
import type { ScorerState } from '../../src/core/scorer-state.ts';
import { nextVersion, scorerState, startFakeService } from './fake-service.ts';
import { runAssay } from './run-assay.ts';

async function register(
  argv: readonly string[],
  files: Readonly<Record<string, string>>,
  scorers?: readonly ScorerState[],
) {
  const { url, calls } = await startFakeService(scorers && { scorers });
  const run = await runAssay(['scorers', 'register', ...argv], { env: { ASSAY_URL: url }, files });
  return { ...run, calls, request: calls[0]?.arguments[1] };
}

const TYPED = `import { scorer, type ScorerArguments } from '@assay/sdk';

const max: number = 40;

export default scorer({ name: 'short' }, ({ outputs }: ScorerArguments): boolean => {
  return String(outputs).length <= max;
});
`;

/** A code scorer in one version, active. */
const SHORT = scorerState({
  name: 'short',
  kind: 'code',
  versions: [
    {
      version: 1,
      definition: { kind: 'code', source: '({ outputs }) =>\n  outputs.length < 40' },
      contentHash: '1'.repeat(64),
      createdAtMs: 0,
      createdBy: 'ada@desk',
    },
  ],
});

describe('assay scorers register --file', () => {
  it('sends the source without its types, under the name that the file says', async () => {
    const { code, stderr, stdout, request } = await register(['--file', 'short.ts'], {
      'short.ts': TYPED,
    });
    expect([code, stderr]).toEqual([0, '']);
    const source = TYPED.trimEnd()
      .replace(' type ScorerArguments', ' '.repeat(21))
      .replace(': number', ' '.repeat(8))
      .replace(': ScorerArguments', ' '.repeat(17))
      .replace(': boolean', ' '.repeat(9));
    expect(request).toEqual({ name: 'short', kind: 'code', source });
    expect(stdout).toMatch(/^short is registered in experiment 0: version 1\nstart it with: /);
  });

  it('takes a name on the command line before that of the file', async () => {
    const { request } = await register(['brief', '--file', 'short.ts'], { 'short.ts': TYPED });
    expect(request).toMatchObject({ name: 'brief' });
  });

  it('takes a function from standard input, whatever its line ends', async () => {
    const files = { '-': '\uFEFF({ outputs }: { outputs?: string }) =>\r\n  outputs?.length\r\n' };
    const { request } = await register(['size', '--file', '-'], files);
    expect(request).toEqual({
      name: 'size',
      kind: 'code',
      source: `({ outputs }${' '.repeat(22)}) =>\n  outputs?.length`,
    });
  });

  it('leaves JavaScript as it is', async () => {
    const { request } = await register(['size', '--file', 'a.mjs'], {
      'a.mjs': '() => a < b > (1);\nconst a = 1, b = 2;',
    });
    expect(request).toBeUndefined();
    const there = await register(['size', '--file', 'a.js'], {
      'a.js': 'export default () => f < 3 > (1);\nconst f = 1;',
    });
    expect(there.request).toMatchObject({
      source: 'export default () => f < 3 > (1);\nconst f = 1;',
    });
  });

  it('calls standard input by that name in its errors', async () => {
    const { stderr } = await register(['a', '--file', '-'], { '-': '() => x' });
    expect(stderr).toMatch(/^SCORER_DEFINITION_INVALID: stdin:1:7 `x` /);
  });

  it('needs a name from somewhere', async () => {
    const { code, stderr, calls } = await register(['--file', 'a.ts'], { 'a.ts': '() => 1' });
    expect([code, calls]).toEqual([2, []]);
    expect(stderr).toMatch(
      /^COMMAND_INVALID: a\.ts does not say the name .* register NAME --file a\.ts\n$/,
    );
    const builtin = await register(['--builtin', 'contains'], {});
    expect(builtin.stderr).toMatch(/^COMMAND_INVALID: a scorer needs a name/);
  });

  it.each([
    [['--file', 'a.ts', '--builtin', 'contains'], /not two of them/],
    [['--file', 'a.ts', '--config', '{}'], /takes no --config/],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await register(['a', ...argv], { 'a.ts': '() => 1' });
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a file that is not there', async () => {
    const { code, stderr } = await register(['a', '--file', 'a.ts'], {});
    expect([code, stderr]).toEqual([2, 'BAD_REQUEST: there is no file a.ts\n']);
  });
});

describe('a file that holds no code scorer', () => {
  it('is refused before the service is asked, with the places in the file', async () => {
    const source = `import { z } from 'zod';
interface Shape { readonly text: string }
const shape: z.ZodType<Shape> = z.object({ text: z.string() });
export default ({ outputs }: { outputs?: unknown }) => {
  return shape.parse(outputs).text.length > threshold;
};
`;
    const { code, stderr, calls } = await register(['a', '--file', 'a.ts'], { 'a.ts': source });
    expect([code, calls]).toEqual([2, []]);
    expect(stderr.split('\n')).toEqual([
      "SCORER_DEFINITION_INVALID: a.ts:1:1 'zod' (line 1) cannot be imported by a code scorer: copy what you need into the file, or deploy the file as a module (ASSAY_SCORERS) and register it with --module-scorer NAME",
      'a.ts:5:45 `threshold` (line 5) is defined outside the function: move it inside, or make it a constant in the file',
      '',
    ]);
    const json = await register(['a', '--file', 'a.ts', '--json'], { 'a.ts': source });
    expect(JSON.parse(json.stderr)).toMatchObject({
      code: 'SCORER_DEFINITION_INVALID',
      file: 'a.ts',
      problems: [{ name: 'zod' }, { name: 'threshold', line: 5, column: 45 }],
    });
  });

  it.each([
    ['const a = 1;\nexport default ({ outputs }: ) => 1;', '2:30', /mend it there/],
    ['const a = 1;\n\n  enum Level { Low }\nexport default () => Level.Low;', '3:3', /no enum/],
  ])('is refused for its TypeScript with the place: %j', async (source, place, advice) => {
    const { code, stderr } = await register(['a', '--file', 'a.ts'], { 'a.ts': source });
    expect(code).toBe(2);
    const said = `a.ts:${place} the file is not valid TypeScript (line ${place[0]}): `;
    expect(stderr.startsWith(`SCORER_DEFINITION_INVALID: ${said}`)).toBe(true);
    expect(stderr).toMatch(advice);
  });
});

describe('a code scorer that is registered again', () => {
  const CHANGED = '({ outputs }) =>\n  outputs.length < 80';
  const DIFF = [
    '--- version 1',
    '+++ version 2',
    '@@ -1,2 +1,2 @@',
    ' ({ outputs }) =>',
    '-  outputs.length < 40',
    '+  outputs.length < 80',
    '',
  ].join('\n');

  it('shows what the new version changes', async () => {
    const argv = ['short', '--file', 'a.js'];
    const { stdout } = await register(argv, { 'a.js': CHANGED }, [SHORT]);
    expect(stdout).toMatch(/^short is registered in experiment 0: version 2\n/);
    expect(stdout.endsWith(`\n\n${DIFF}`)).toBe(true);
  });

  it('prints with --json what the service answers, and nothing else', async () => {
    const argv = ['short', '--file', 'a.js', '--json'];
    const { stdout } = await register(argv, { 'a.js': CHANGED }, [SHORT]);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'short', version: 2 });
  });
});

describe('assay scorers versions of code scorers', () => {
  const THREE = [
    { kind: 'code', source: '() => 2' } as const,
    { kind: 'code', source: '() => 3' } as const,
  ].reduce<ScorerState>(
    (state, definition) => ({ ...state, ...nextVersion(state, definition) }),
    SHORT,
  );

  async function versions(argv: readonly string[], scorer: ScorerState = THREE) {
    const { url } = await startFakeService({ scorers: [scorer] });
    return runAssay(['scorers', 'versions', 'short', ...argv], { env: { ASSAY_URL: url } });
  }

  it('are listed by the first line of their source that says something', async () => {
    const source =
      "import { scorer,       } from '@assay/sdk';\n\n// Counts.\nexport default scorer(a         , b)";
    const typed = { ...SHORT, ...nextVersion(SHORT, { kind: 'code', source }) };
    expect((await versions([], typed)).stdout).toMatch(
      /code: export default scorer\(a , b\) \(4 lines\)$/m,
    );
    const { stdout } = await versions([]);
    expect(stdout).toMatch(/code: \(\{ outputs \}\) => \(2 lines\)$/m);
    expect(stdout).toMatch(/^3 +yes .* code: \(\) => 3$/m);
  });

  it('are compared, the newest two or those that are named', async () => {
    const newest = await versions(['--diff']);
    expect(newest.stdout).toBe(
      '--- version 2\n+++ version 3\n@@ -1,1 +1,1 @@\n-() => 2\n+() => 3\n',
    );
    const named = await versions(['--diff', '3..1']);
    expect(named.stdout).toMatch(/^--- version 3\n\+\+\+ version 1\n/);
    const json = await versions(['--diff', '2..3', '--json']);
    expect(JSON.parse(json.stdout)).toEqual({ from: 2, to: 3, diff: newest.stdout });
    expect((await versions(['--diff', '2..2'])).stdout).toBe('versions 2 and 2 are the same\n');
  });

  it('are told where they are not there', async () => {
    const missing = await versions(['--diff', '1..4']);
    expect([missing.code, missing.stderr]).toEqual([
      3,
      "SCORER_VERSION_NOT_FOUND: scorer 'short' has no version 4; it has: 1, 2, 3\n",
    ]);
    const wrong = await versions(['--diff', '1-2']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      'COMMAND_INVALID: --diff takes two versions, such as 1..2, after the name of the scorer; got "1-2"\n',
    ]);
    const one = await versions(['--diff'], SHORT);
    expect(one.stderr).toMatch(/^COMMAND_INVALID: scorer 'short' has one version/);
  });

  it('are shown whole by `scorers get`', async () => {
    const { url } = await startFakeService({ scorers: [SHORT] });
    const { stdout } = await runAssay(['scorers', 'get', 'short'], { env: { ASSAY_URL: url } });
    expect(stdout).toMatch(/^definition +code: /m);
    expect(stdout.endsWith('\n\n({ outputs }) =>\n  outputs.length < 40\n')).toBe(true);
  });
});
