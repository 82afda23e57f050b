import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Feedback, Scorer, scorer, type ScorerArguments } from '@assay/sdk';

/** Scorers that write down each call before they answer: `pid scorer trace-id milliseconds`, one line each. */
function logCall(name: string, { trace }: ScorerArguments): void {
  const file = process.env['CALL_LOG'];
  const line = `${process.pid} ${name} ${trace?.info.traceId} ${Date.now()}\n`;
  if (file !== undefined) appendFileSync(file, line);
}

export const quick = scorer({ name: 'quick' }, (call) => {
  logCall('quick', call);
  return true;
});

export const steady = scorer({ name: 'steady' }, async (call) => {
  logCall('steady', call);
  await wait(5 + ((call.trace?.info.traceId.charCodeAt(5) ?? 0) % 20));
  return [
    new Feedback({ name: 'length', value: String(call.outputs).length }),
    new Feedback({
      name: 'polite',
      value: 'yes',
      rationale: 'It is.',
      metadata: { pid: process.pid },
    }),
  ];
});

export const shaky = scorer({ name: 'shaky' }, async (call) => {
  logCall('shaky', call);
  await wait(2);
  if ((call.trace?.info.traceId.charCodeAt(4) ?? 0) % 3 === 0) throw new Error('not today');
  return 0.5;
});

/** Takes as long as its configuration says; each edition is another version. */
export class Paced extends Scorer<{ readonly waitMs: number; readonly edition: number }> {
  async score(call: ScorerArguments): Promise<Feedback> {
    logCall('paced', call);
    await wait(this.config.waitMs);
    return new Feedback({ name: 'paced', value: this.config.edition });
  }
}

export const hanging = scorer({ name: 'hanging', timeoutMs: 300 }, (call) => {
  logCall('hanging', call);
  return new Promise<never>(() => undefined);
});

export const nonsense = scorer({ name: 'nonsense' }, (call) => {
  logCall('nonsense', call);
  return Symbol('nonsense') as unknown as string;
});

/** Takes 30 s, or as long as SLEEPY_MS says. */
export const sleepy = scorer({ name: 'sleepy', timeoutMs: 60_000 }, async (call) => {
  logCall('sleepy', call);
  await wait(Number(process.env['SLEEPY_MS'] ?? 30_000));
  return true;
});

export const second = scorer({ name: 'second' }, async (call) => {
  logCall('second', call);
  await wait(1_000);
  return true;
});

/** More than one message of Kafka can hold. */
export const verbose = scorer({ name: 'verbose' }, (call) => {
  logCall('verbose', call);
  return 'word '.repeat(400_000);
});

/** Text that UTF-8 cannot hold, and one that Postgres cannot. */
export const mangled = scorer({ name: 'mangled' }, (call) => {
  logCall('mangled', call);
  return new Feedback({ name: 'mangled', value: 'half \ud83d', rationale: 'nothing \u0000' });
});
