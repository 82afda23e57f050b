import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Feedback, scorer, type ScorerArguments } from '@assay/sdk';

/** Scorers that write down each call before they answer: `pid scorer trace-id`, one line each. */
function logCall(name: string, { trace }: ScorerArguments): void {
  const file = process.env['CALL_LOG'];
  if (file !== undefined) appendFileSync(file, `${process.pid} ${name} ${trace?.info.traceId}\n`);
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

export const hanging = scorer({ name: 'hanging', timeoutMs: 300 }, (call) => {
  logCall('hanging', call);
  return new Promise<never>(() => undefined);
});

export const nonsense = scorer({ name: 'nonsense' }, (call) => {
  logCall('nonsense', call);
  return Symbol('nonsense') as unknown as string;
});
