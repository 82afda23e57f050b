import { describe, expect, it } from 'vitest';
import { type ConfigSources, loadConfig } from '../../src/config/load-config.ts';
import { AssayError } from '../../src/core/errors.ts';

const nothing: ConfigSources = { argvOverrides: {}, env: {}, readFile: () => undefined };

function load(sources: Partial<ConfigSources>) {
  return loadConfig({ ...nothing, ...sources });
}

function refusal(sources: Partial<ConfigSources>): AssayError {
  try {
    load(sources);
  } catch (error) {
    if (error instanceof AssayError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('loadConfig', () => {
  it('gives the documented defaults when nothing is set', () => {
    const { config, warnings } = load({});
    expect(config).toMatchObject({
      kafkaSessionTimeoutMs: 15_000,
      traceTopics: ['traces'],
      feedbackTopic: 'feedback',
      deadLetterTopic: 'traces.dead-letter',
      createTopics: true,
      groupId: 'assay',
      feedbackFormat: 'json',
      delivery: 'at-least-once',
      httpHost: '127.0.0.1',
      httpPort: 8080,
      scorers: [],
      maxInFlightTraces: 2000,
      maxInFlightBytes: 128 * 1024 * 1024,
      maxTraceBytes: 10 * 1024 * 1024,
      scorerTimeoutMs: 30_000,
      scorerConcurrency: 64,
      maxScorersPerExperiment: 20,
      shutdownGraceMs: 25_000,
      logLevel: 'info',
      url: 'http://127.0.0.1:8080',
      experimentId: '0',
      samplingCohort: 'default',
      archive: true,
    });
    expect(config.kafkaBrokers).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  it('takes flags before the environment before the file before defaults', () => {
    const { config, origins } = load({
      argvOverrides: { httpPort: '1' },
      env: { ASSAY_HTTP_PORT: '2', ASSAY_GROUP_ID: 'env' },
      readFile: () => 'http_port: 3\ngroup_id: file\nfeedback_topic: judged\n',
    });
    expect([config.httpPort, config.groupId, config.feedbackTopic]).toEqual([1, 'env', 'judged']);
    expect(origins.httpPort).toEqual({ kind: 'flag', name: '--http-port' });
    expect(origins.groupId).toEqual({ kind: 'environment', name: 'ASSAY_GROUP_ID' });
    expect(origins.feedbackTopic).toEqual({ kind: 'file', name: 'assay.yaml' });
    expect(origins.logLevel.kind).toBe('default');
  });

  it('reads nested keys and lists of the file like flat ones', () => {
    const text =
      'kafka:\n  brokers: [a:1, b:2]\nmax_in_flight: { bytes: 64MiB, traces: 10 }\narchive: off\n';
    const { config, warnings } = load({ readFile: () => text });
    expect(config).toMatchObject({
      kafkaBrokers: ['a:1', 'b:2'],
      maxInFlightBytes: 64 * 1024 * 1024,
      maxInFlightTraces: 10,
      archive: false,
    });
    expect(warnings).toEqual([]);
  });

  it('counts an empty variable as not set', () => {
    expect(load({ env: { ASSAY_KAFKA_BROKERS: '' } }).config.kafkaBrokers).toBeUndefined();
  });

  it.each([
    ['128MiB', 134_217_728],
    ['128 MiB', 134_217_728],
    ['10MB', 10_000_000],
    ['1.5GiB', 1_610_612_736],
    ['1024', 1024],
  ])('reads the size %s', (text, bytes) => {
    expect(load({ env: { ASSAY_MAX_TRACE_BYTES: text } }).config.maxTraceBytes).toBe(bytes);
  });

  it.each(['999', '300001', '1.5', '2s'])('refuses the session time-out %s', (text) => {
    const { message } = refusal({ env: { ASSAY_KAFKA_SESSION_TIMEOUT_MS: text } });
    expect(message).toContain('expected a whole number from 1000 to 300000');
  });

  it('reports all mistakes at once, each with path, variable and origin', () => {
    const error = refusal({
      argvOverrides: { httpPort: 'http' },
      env: {
        ASSAY_KAFKA_BROKERS: 'localhost',
        ASSAY_DELIVERY: 'exactly-once',
        ASSAY_FEEDBACK_FORMAT: 'avro',
        ASSAY_HTTP_HOST: '0.0.0.0',
        ASSAY_MAX_TRACE_BYTES: 'big',
      },
      readFile: () => 'log_level: loud\n',
    });
    expect(error.code).toBe('CONFIG_INVALID');
    const lines = error.message.split('\n');
    expect(lines[0]).toBe('The configuration has 7 mistakes:');
    expect(lines.slice(1).map((line) => line.trim())).toEqual([
      'kafka_brokers (ASSAY_KAFKA_BROKERS, from the environment): expected host:port, several of them separated by commas; got "localhost"',
      expect.stringMatching(/^feedback_format .*: avro is not offered by this version; use json/),
      expect.stringMatching(/^delivery .*: exactly-once is not offered by this version/),
      expect.stringMatching(/^http_host .*: expected 127\.0\.0\.1.* no API keys/),
      'http_port (ASSAY_HTTP_PORT, from --http-port): expected a whole number from 0 to 65535; got "http"',
      expect.stringMatching(/^max_trace_bytes .*: expected a size such as 128MiB/),
      expect.stringMatching(/^log_level \(ASSAY_LOG_LEVEL, from assay\.yaml\): expected trace or /),
    ]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])(
    'accepts the loopback host %s',
    (host) => {
      expect(load({ env: { ASSAY_HTTP_HOST: host } }).config.httpHost).toBe(host);
    },
  );

  it('refuses topics that would make the service read its own output', () => {
    const error = refusal({
      env: { ASSAY_TRACE_TOPICS: 'a,b', ASSAY_FEEDBACK_TOPIC: 'b', ASSAY_DEAD_LETTER_TOPIC: 'b' },
    });
    expect(error.message).toContain('feedback_topic');
    expect(error.message).toContain('dead_letter_topic');
  });

  it('wants the whole of a SASL login', () => {
    const error = refusal({ env: { ASSAY_KAFKA_SASL_MECHANISM: 'PLAIN' } });
    expect(error.message).toContain('ASSAY_KAFKA_SASL_USERNAME');
    expect(error.message).toContain('ASSAY_KAFKA_SASL_PASSWORD');
  });

  it('refuses a redaction module instead of ignoring it', () => {
    expect(refusal({ env: { ASSAY_REDACT: './redact.ts' } }).message).toContain('ASSAY_REDACT');
  });

  it('says that a file that was asked for is not there', () => {
    expect(refusal({ configFile: 'other.yaml' }).message).toContain('other.yaml');
  });

  it('names the line of a file that is not YAML without quoting it', () => {
    const error = refusal({ readFile: () => 'a: 1\nb: "secret\n' });
    expect(error.message).toMatch(/assay\.yaml, line \d+, column \d+/);
    expect(error.message).not.toContain('secret');
  });

  it('warns of names that mean nothing, with the nearest that does', () => {
    const { warnings } = load({
      env: { ASSAY_KAFKA_BROKER: 'a:1', ASSAY_XYZ: '1', ASSAY_JUDGE_MODEL: 'm', PATH: '/' },
      readFile: () => 'htp_port: 1\n',
    });
    expect(warnings).toEqual([
      'ASSAY_JUDGE_MODEL has no effect in this version',
      "ASSAY_KAFKA_BROKER is not a setting of Assay and has no effect (did you mean 'ASSAY_KAFKA_BROKERS'?)",
      'ASSAY_XYZ is not a setting of Assay and has no effect',
      "htp_port in assay.yaml is not a setting of Assay and has no effect (did you mean 'http_port'?)",
    ]);
  });
});
