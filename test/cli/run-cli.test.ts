import { describe, expect, it } from 'vitest';
import { Interruption } from '../../src/cli/interruption.ts';
import { runAssay } from './run-assay.ts';

describe('the command line', () => {
  it('shows its commands on standard output when asked for help', async () => {
    const { code, stdout, stderr } = await runAssay(['--help']);
    expect(stdout).toMatch(/^Usage: assay/);
    for (const name of ['scorers', 'traces', 'feedback', 'config']) expect(stdout).toContain(name);
    expect([code, stderr]).toEqual([0, '']);
  });

  it('shows its version', async () => {
    expect(await runAssay(['--version'])).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' });
  });

  it('shows the help of a group that lacks its command on standard error', async () => {
    const { code, stdout, stderr } = await runAssay(['scorers']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: assay scorers/);
  });

  it.each([
    [['scorer'], "unknown command 'scorer' (Did you mean scorers?)"],
    [['scorers', 'strat', 'a'], "unknown command 'strat' (Did you mean start?)"],
    [['scorers', 'list', '--exp', '1'], "unknown option '--exp'"],
    [['scorers', 'get'], "missing required argument 'name'"],
    [['scorers', 'get', 'a', 'b'], /^too many arguments/],
    [['scorers', 'start', 'a', '--rate', 'half'], /argument 'half' is invalid\. Expected a number/],
    [['feedback', 'tail', '--count', '0'], /argument '0' is invalid\. Expected a whole number/],
  ])('refuses %j as COMMAND_INVALID', async (argv, message) => {
    const { code, stdout, stderr } = await runAssay(argv);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^COMMAND_INVALID: /);
    expect(stderr.replace('COMMAND_INVALID: ', '').trimEnd()).toMatch(message);
  });

  it('writes errors as one JSON object with --json', async () => {
    const { code, stderr } = await runAssay(['scorers', 'get', '--json']);
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      code: 'COMMAND_INVALID',
      message: "missing required argument 'name'",
      retryable: false,
    });
  });

  it('shows the stack of an error only when asked to', async () => {
    const argv = ['feedback', 'tail', '--kafka-brokers', 'a:1'];
    const { code, stderr } = await runAssay(argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^INTERNAL: this test has no broker\. .*ASSAY_LOG_LEVEL=debug/);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    const shown = await runAssay(argv, { env: { ASSAY_LOG_LEVEL: 'debug' } });
    expect(shown.stderr).toMatch(/\n\s+at /);
  });

  it('ends without a word, by the exit code of the signal, when it is interrupted', async () => {
    const signal = AbortSignal.abort(new Interruption('ended by SIGINT', 130));
    const { code, stdout, stderr } = await runAssay(['scorers', 'list'], { signal });
    expect([code, stdout, stderr]).toEqual([130, '', '']);
  });
});
