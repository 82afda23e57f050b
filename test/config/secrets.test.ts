import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../src/config/describe-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { hideCredentials } from '../../src/config/secret.ts';

function load(env: Readonly<Record<string, string>>) {
  return loadConfig({ argvOverrides: {}, env, readFile: () => undefined });
}

const SECRET = 'hunter2/@,x';
const ENV = {
  ASSAY_DATABASE_URL: `postgres://assay:${SECRET}@db:5432/assay`,
  ASSAY_KAFKA_SASL_MECHANISM: 'plain',
  ASSAY_KAFKA_SASL_USERNAME: 'u',
  ASSAY_KAFKA_SASL_PASSWORD: SECRET,
  ASSAY_API_KEY: SECRET,
  ASSAY_URL: 'http://me:hunter2@localhost:8080',
};

describe('secrets', () => {
  it('are hidden wherever the configuration is printed, and can be revealed', () => {
    const loaded = load(ENV);
    const { databaseUrl, kafkaSaslPassword, apiKey } = loaded.config;
    const secrets = { databaseUrl, kafkaSaslPassword, apiKey };
    for (const text of [
      JSON.stringify(secrets),
      inspect(secrets, { depth: 9 }),
      [databaseUrl, kafkaSaslPassword, apiKey].map(String).join(),
      JSON.stringify(describeConfig(loaded)),
    ]) {
      expect(text).not.toContain('hunter2');
    }
    expect(databaseUrl?.reveal()).toBe(ENV.ASSAY_DATABASE_URL);
    expect(databaseUrl?.shown).toBe('postgres://assay:(hidden)@db:5432/assay');
  });

  it('do not appear in the message about a value that is refused', () => {
    const refuse = () =>
      load({
        ASSAY_DATABASE_URL: 'mysql://u:hunter2@db',
        ASSAY_KAFKA_BROKERS: 'u:hunter2@kafka:9092',
        ASSAY_URL: 'ftp://u:hunter2@x',
      });
    expect(refuse).toThrow(/3 mistakes/);
    expect(refuse).not.toThrow(/hunter2/);
  });

  it('are cut out of every URL, whatever the password', () => {
    const word = fc.stringMatching(/^[A-Za-z0-9!$%^*(),;=_+@/:-]{1,20}$/);
    fc.assert(
      fc.property(word, (password) => {
        const shown = hideCredentials(`postgres://u:${password}@host/db`);
        expect(shown).toMatch(/^postgres:\/\/u:\(hidden\)@[^@]*$/);
        expect(shown.endsWith('@host/db')).toBe(true);
      }),
    );
  });

  it('leave text without credentials as it is', () => {
    for (const text of ['localhost:9092,other:9092', 'http://localhost:8080/a', 'me@example.org']) {
      expect(hideCredentials(text)).toBe(text);
    }
  });
});
