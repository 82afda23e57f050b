import { afterEach, describe, expect, it, vi } from 'vitest';
import { demoRecords, startClientService } from '../../packages/sdk/test/client-service.ts';
import { runAssay } from '../cli/run-assay.ts';
import { runSnippet, typeErrors } from './check-snippets.ts';
import { readSnippets } from './read-snippets.ts';

const { blocks, cellsOf } = readSnippets('mlflow-migration.md');
const statements = cellsOf('Assay (TypeScript)');
const commands = cellsOf('Assay (command line)');

const TRACE_ID = 'tr-62f746b484e61ceb95bd447e7184d454';
/** Of the recorded demo traces, moved to the experiment that is meant when none is given. */
const TRACES = demoRecords('2', 3).map((record) =>
  record.replace('"experiment_id": "2"', '"experiment_id": "0"'),
);

/** The calls of the table, one after the other, with what the first snippet of the page defines. */
const CALLS = `import {
  AssayClient, deleteScorer, evaluate, getScorer, listScorers, listScorerVersions, scorer,
} from '@assay/sdk';
const mentionsRefund = scorer({ name: 'mentions_refund' }, ({ outputs }) =>
  String(outputs).includes('refund'),
);
const client = new AssayClient();
${statements.join('\n')}
console.log(s.status, s.sampleRate, s.filterString);
`;

async function startService(): Promise<string> {
  const { url } = await startClientService({ traces: TRACES });
  vi.stubEnv('ASSAY_URL', url);
  return url;
}

/** The words of a command line, as a shell reads them. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
}

afterEach(() => vi.unstubAllEnvs());

describe('docs/mlflow-migration.md', () => {
  it('has TypeScript that the compiler takes', async () => {
    expect(blocks).toHaveLength(3);
    expect(statements.length).toBeGreaterThanOrEqual(16);
    expect(await typeErrors([...blocks, CALLS])).toBe('');
  }, 60_000);

  it('would not hide an error of types', async () => {
    const wrong = CALLS.replace('{ sampleRate: 0.5 }', '{ sample_rate: 0.5 }');
    expect(await typeErrors([wrong])).toMatch(
      /^snippet-1\.ts[^]*'sample_rate' does not exist[^]*mean to write 'sampleRate'/,
    );
  }, 60_000);

  it('says what the first snippet prints', async () => {
    await startService();
    const [first = ''] = blocks;
    const comments = [...first.matchAll(/\/\/ (.*)$/gm)].map(([, comment]) => comment);
    expect(comments).toHaveLength(2);
    expect(await runSnippet(first)).toEqual(comments);
  });

  it('has snippets that run', async () => {
    await startService();
    const printed: string[] = [];
    for (const block of blocks) printed.push(...(await runSnippet(block)));
    expect(printed.at(-1)).toBe('column 1');
  });

  it('has calls that run, down the table', async () => {
    await startService();
    expect(CALLS).toContain(TRACE_ID);
    expect(await runSnippet(CALLS)).toEqual(["stopped 0 status = 'OK'"]);
  });

  it('has commands that run, down the table', async () => {
    const url = await startService();
    expect(commands.length).toBeGreaterThanOrEqual(14);
    for (const command of commands) {
      const [assay, ...argv] = wordsOf(command);
      expect(assay).toBe('assay');
      const run = await runAssay(argv, { env: { ASSAY_URL: url } });
      expect({ command, ...run }).toMatchObject({ command, code: 0, stderr: '' });
    }
  });
});
