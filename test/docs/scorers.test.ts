import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startClientService } from '../../packages/sdk/test/client-service.ts';
import { SANDBOX_GLOBALS } from '../../src/core/code-scorer/sandbox-globals.ts';
import { startFakeService } from '../cli/fake-service.ts';
import { runAssay } from '../cli/run-assay.ts';
import { runSnippet, typeErrors } from './check-snippets.ts';
import { readSnippets } from './read-snippets.ts';

const page = readFileSync(new URL('../../docs/scorers.md', import.meta.url), 'utf8');
const { blocks } = readSnippets('scorers.md');

function blocksOf(fence: string): readonly string[] {
  const fences = new RegExp(`^\`\`\`${fence}\\n([^]*?)^\`\`\`$`, 'gm');
  return [...page.matchAll(fences)].map(([, text = '']) => text);
}

const accepted = blocksOf('ts accepted');
/** Files that are refused, each with what is said to it. */
const refused = [...page.matchAll(/^```ts refused\n([^]*?)^```\n\n```\n([^]*?)^```$/gm)].map(
  ([, source = '', said = '']) => ({ source, said }),
);
const commands = blocksOf('sh').flatMap((block) => block.split('\n').filter((line) => line !== ''));

/** The comments of a block that say what it prints. */
function promised(block: string): readonly string[] {
  return [...block.matchAll(/(?:^|; )\/\/ (.*)$/gm)].map(([, comment = '']) => comment);
}

/** `assay scorers register a --file my-scorer.ts`, where the service takes everything. */
async function registerFile(source: string) {
  const { url, calls } = await startFakeService();
  const files = { 'my-scorer.ts': source };
  const argv = ['scorers', 'register', 'a', '--file', 'my-scorer.ts'];
  return { ...(await runAssay(argv, { env: { ASSAY_URL: url }, files })), calls };
}

/** The table of what there is in the sandbox. */
function globalsTable(): string {
  const names = Map.groupBy(Object.entries(SANDBOX_GLOBALS), ([, what]) => what);
  return [...names]
    .map(
      ([what, entries]) => `| ${entries.map(([name]) => `\`${name}\``).join(', ')} | ${what} |\n`,
    )
    .join('');
}

afterEach(() => vi.unstubAllEnvs());

describe('docs/scorers.md', () => {
  it('has TypeScript that the compiler takes', async () => {
    expect(blocks.length).toBeGreaterThanOrEqual(12);
    expect(accepted.length).toBeGreaterThanOrEqual(3);
    expect(await typeErrors([...blocks, ...accepted])).toBe('');
  }, 60_000);

  it.each(blocks)('says what is printed: %#', async (block) => {
    const { url } = await startClientService({ traces: [] });
    vi.stubEnv('ASSAY_URL', url);
    expect(promised(block).length).toBeGreaterThan(0);
    expect(await runSnippet(block)).toEqual(promised(block));
  });

  it.each(accepted)('has code scorers that are taken: %#', async (source) => {
    const { code, stderr, calls } = await registerFile(source);
    expect([code, stderr, calls.length]).toEqual([0, '', 1]);
  });

  it.each(refused)(
    'has code scorers that are refused, and says how: %#',
    async ({ source, said }) => {
      const { code, stderr, calls } = await registerFile(source);
      expect([code, stderr, calls]).toEqual([2, said, []]);
    },
  );

  it('shows the refusal of each file that is refused', () => {
    expect(refused.length).toBeGreaterThanOrEqual(4);
    expect(refused).toHaveLength(blocksOf('ts refused').length);
  });

  it.each(commands)('has the command %s', async (command) => {
    const words = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(
      ([, quoted, bare]) => quoted ?? bare ?? '',
    );
    const [npx, assay, ...argv] = words.filter((word) => word !== '--watch');
    expect([npx, assay]).toEqual(['npx', 'assay']);
    const files = { 'brief.ts': accepted[0] ?? '' };
    // Nobody listens there: a command that is understood gets as far as that.
    const env = { ASSAY_URL: 'http://127.0.0.1:9' };
    const { stderr } = await runAssay(argv, { env, files });
    expect(stderr).toMatch(
      argv[0] === 'feedback' ? /^CONFIG_INVALID|no broker/ : /^SERVICE_UNREACHABLE: /,
    );
  });

  it('lists what there is in the sandbox', () => {
    expect(page).toContain(globalsTable());
  });
});
