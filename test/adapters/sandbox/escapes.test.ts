import { describe, expect, it } from 'vitest';
import { type Attack, BOMBS, PROBES, TRAILS } from './attacks.ts';
import { openSandbox, runBody, see, TRACE } from './open-sandbox.ts';

const sandbox = openSandbox();
const good = sandbox.add({ body: 'return ({ outputs }) => outputs.length' });
const RIGHT = { value: 14, code: null, message: '' };

/** What is seen of an attack that did not work. */
function contained({ ends }: Attack): unknown {
  if ('value' in ends) return { value: ends.value, code: null, message: '' };
  const code: unknown = expect.stringMatching(new RegExp(`^(${ends.code.join('|')})$`));
  return { value: null, code, message: expect.any(String) as unknown };
}

describe('code that takes what it should not', () => {
  it.each(BOMBS)('is ended: $name', async (attack) => {
    expect(await runBody(sandbox, attack.body)).toEqual(contained(attack));
    expect(await see(good.call(TRACE))).toEqual(RIGHT);
  });
});

describe('code that looks for a way out', () => {
  it.each(PROBES)('finds nothing: $name', async (attack) => {
    expect(await runBody(sandbox, attack.body)).toEqual(contained(attack));
  });
});

describe('code that leaves something behind', () => {
  it.each(TRAILS)('is not found by later calls, alone and in one batch: $name', async (attack) => {
    const scorer = sandbox.add({ body: attack.body });
    expect(await see(scorer.call(TRACE))).toEqual(contained(attack));
    const together = [scorer.call(TRACE), scorer.call(TRACE), scorer.call(TRACE)].map(see);
    for (const seen of await Promise.all(together)) expect(seen).toEqual(contained(attack));
  });
});

describe('all attacks at once beside good scorers', () => {
  it('leave every good result right', { timeout: 120_000 }, async () => {
    const attacks = [...BOMBS, ...PROBES, ...TRAILS];
    const seen = attacks.map(async (attack) => {
      const before = await see(good.call(TRACE));
      expect(await runBody(sandbox, attack.body)).toEqual(contained(attack));
      return [before, await see(good.call(TRACE))];
    });
    for (const results of await Promise.all(seen)) expect(results).toEqual([RIGHT, RIGHT]);
  });

  it('are no fewer than forty', () => {
    const names = [...BOMBS, ...PROBES, ...TRAILS].map(({ name }) => name);
    expect(new Set(names).size).toBeGreaterThanOrEqual(40);
  });
});
