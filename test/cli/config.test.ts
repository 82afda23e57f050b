import { describe, expect, it } from 'vitest';
import { runAssay } from './run-assay.ts';

interface Settings {
  readonly settings: readonly {
    readonly setting: string;
    readonly value: unknown;
    readonly origin: unknown;
  }[];
}

function setting(stdout: string, name: string) {
  const { settings } = JSON.parse(stdout) as Settings;
  return settings.find((each) => each.setting === name);
}

describe('assay config', () => {
  it('shows values and where they come from', async () => {
    const { code, stdout, stderr } = await runAssay(['config', '--http-port', '81'], {
      env: { ASSAY_GROUP_ID: 'team' },
      files: { 'assay.yaml': 'trace_topics: [a, b]\n' },
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^SETTING +VALUE +FROM\n/);
    expect(stdout).toMatch(/^http_port +81 +--http-port$/m);
    expect(stdout).toMatch(/^group_id +team +ASSAY_GROUP_ID$/m);
    expect(stdout).toMatch(/^trace_topics +a,b +assay\.yaml$/m);
    expect(stdout).toMatch(/^kafka_ssl +off +default$/m);
    expect(stdout).toMatch(/^kafka_brokers +- +default$/m);
  });

  it('hides secrets, in words and in JSON', async () => {
    const env = {
      ASSAY_DATABASE_URL: 'postgres://me:geheim@db/assay',
      ASSAY_API_KEY: 'geheim',
      ASSAY_KAFKA_SASL_MECHANISM: 'plain',
      ASSAY_KAFKA_SASL_USERNAME: 'me',
      ASSAY_KAFKA_SASL_PASSWORD: 'geheim',
    };
    const words = await runAssay(['config'], { env });
    const json = await runAssay(['config', '--json'], { env });
    expect(words.stdout + json.stdout).not.toContain('geheim');
    expect(setting(json.stdout, 'database_url')?.value).toBe('postgres://me:(hidden)@db/assay');
  });

  it('reads the file that is named after or before the command', async () => {
    const files = { 'other.yaml': 'group_id: other\n' };
    for (const argv of [
      ['config', '--json', '--config', 'other.yaml'],
      ['--config', 'other.yaml', 'config', '--json'],
    ]) {
      const { stdout } = await runAssay(argv, { files });
      expect(setting(stdout, 'group_id')).toMatchObject({
        value: 'other',
        origin: { kind: 'file', name: 'other.yaml' },
      });
    }
  });

  it('writes warnings to standard error', async () => {
    const { code, stderr } = await runAssay(['config'], { env: { ASSAY_GROUPID: 'x' } });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: ASSAY_GROUPID .*did you mean .*ASSAY_GROUP_ID.*\n$/);
  });

  it('exits with 2 and names every mistake when the configuration cannot be used', async () => {
    const env = { ASSAY_HTTP_PORT: 'x', ASSAY_LOG_LEVEL: 'loud' };
    const { code, stdout, stderr } = await runAssay(['config'], { env });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^CONFIG_INVALID: The configuration has 2 mistakes:\n/);
    const json = await runAssay(['config', '--json'], { env });
    expect(JSON.parse(json.stderr)).toMatchObject({
      code: 'CONFIG_INVALID',
      mistakes: [{ path: 'http_port' }, { path: 'log_level' }],
    });
  });
});
