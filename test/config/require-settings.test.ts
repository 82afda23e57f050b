import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { requireForServe } from '../../src/config/require-settings.ts';

function load(env: Readonly<Record<string, string>>) {
  return loadConfig({ argvOverrides: {}, env, readFile: () => undefined }).config;
}

describe('requireForServe', () => {
  it('names every missing variable with an example', () => {
    const attempt = () => requireForServe(load({}));
    expect(attempt).toThrow(/ASSAY_KAFKA_BROKERS=localhost:9092/);
    expect(attempt).toThrow(/ASSAY_DATABASE_URL=postgres:\/\//);
  });

  it('hands the configuration on when nothing is missing', () => {
    const config = load({
      ASSAY_KAFKA_BROKERS: 'localhost:9092',
      ASSAY_DATABASE_URL: 'postgres://localhost/assay',
    });
    expect(requireForServe(config)).toBe(config);
  });
});
