import { describe, expect, it } from 'vitest';
import { createLogger } from '../../../src/adapters/telemetry/create-logger.ts';
import { createTelemetry } from '../../../src/adapters/telemetry/create-telemetry.ts';
import { FakeClock } from '../../fake-clock.ts';

function collect(level: string) {
  const written: string[] = [];
  const logger = createLogger({ level, destination: { write: (text) => written.push(text) } });
  return { logger, written };
}

describe('createLogger', () => {
  it('writes one JSON line with level, ISO time and message, and nothing about the process', () => {
    const { logger, written } = collect('info');
    const telemetry = createTelemetry({ logger, clock: new FakeClock() });
    telemetry.report({ kind: 'config_changed', revision: 3, scorers: 1 });
    expect(written).toHaveLength(1);
    expect(JSON.parse(written[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
      event: 'config_changed',
      revision: 3,
      scorers: 1,
      msg: 'configuration revision 3: 1 scorers',
    });
  });

  it('leaves out what is below its level', () => {
    const { logger, written } = collect('warn');
    logger.info({}, 'one');
    logger.warn({}, 'two');
    expect(written).toHaveLength(1);
  });
});
