import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scoreBuiltin } from './score-builtin.ts';

/** A call that the trace recorded; later ones start later. */
function calls(...made: readonly (readonly [name: string, inputs?: unknown])[]) {
  return {
    spans: made.map(([name, inputs], index) => ({
      type: 'TOOL',
      name,
      inputs,
      startTimeUnixNano: BigInt(index),
    })),
  };
}

const lookup = { name: 'lookup_order', arguments: { order_id: 'HH-1' } };

async function passes(config: Readonly<Record<string, unknown>>, trace: object): Promise<unknown> {
  return (await scoreBuiltin('tool_call_match', config, trace)).value;
}

describe('tool_call_match', () => {
  it('compares the calls with the expectation that the trace carries', async () => {
    const expectations = { expected_tool_calls: [lookup] };
    const made = calls(['lookup_order', { order_id: 'HH-1' }]);
    expect(await scoreBuiltin('tool_call_match', {}, { ...made, expectations })).toEqual({
      value: true,
      rationale: 'called lookup_order',
    });
    const other = calls(['lookup_order', { order_id: 'HH-2' }]);
    expect(await scoreBuiltin('tool_call_match', {}, { ...other, expectations })).toEqual({
      value: false,
      rationale: 'no call fits lookup_order {"order_id":"HH-1"}; called lookup_order',
    });
    expect(await scoreBuiltin('tool_call_match', {}, { expectations })).toMatchObject({
      value: false,
      rationale: 'no call fits lookup_order {"order_id":"HH-1"}; no tool was called',
    });
  });

  it('is not applicable without an expectation, or with one that is no list of calls', async () => {
    expect(await scoreBuiltin('tool_call_match', {}, calls(['search']))).toEqual({
      notApplicable: "the trace has no expectation 'expected_tool_calls'",
    });
    for (const odd of ['search', 3, { name: 'search' }, [null], [{ tool: 'x' }], [{ name: 1 }]]) {
      const trace = { expectations: { expected_tool_calls: odd } };
      expect(await scoreBuiltin('tool_call_match', {}, trace)).toEqual({
        notApplicable: "the expectation 'expected_tool_calls' is not a list of tool calls",
      });
    }
  });

  it('takes names alone, and null arguments as any', async () => {
    const made = calls(['search', { q: 'a' }], ['fetch', null]);
    expect(await passes({ expected: ['fetch', 'search'] }, made)).toBe(true);
    expect(await passes({ expected: [{ name: 'search', arguments: null }] }, made)).toBe(true);
    expect(await passes({ expected: [{ name: 'fetch', arguments: {} }] }, made)).toBe(false);
  });

  it.each([
    ['any_order', ['b', 'a'], true],
    ['in_order', ['b', 'a'], false],
    ['in_order', ['a', 'c'], true],
    ['exact', ['a', 'c'], false],
    ['exact', ['a', 'b', 'c'], true],
    ['exact', ['a', 'b', 'c', 'd'], false],
    ['any_order', ['a', 'a'], false],
    ['in_order', ['a', 'a'], false],
  ])('judges the calls a, b, c in mode %s against %j: %s', async (mode, expected, value) => {
    expect(await passes({ expected, mode }, calls(['a'], ['b'], ['c']))).toBe(value);
  });

  it('lets a call have further arguments, except in mode exact', async () => {
    const made = calls(['lookup_order', { order_id: 'HH-1', verbose: true }]);
    expect(await passes({ expected: [lookup] }, made)).toBe(true);
    expect(await passes({ expected: [lookup], mode: 'in_order' }, made)).toBe(true);
    expect(await passes({ expected: [lookup], mode: 'exact' }, made)).toBe(false);
  });

  it('gives each expected call one of its own, whichever comes first', async () => {
    const made = calls(['a', { x: 1 }], ['a', { x: 2 }]);
    expect(await passes({ expected: ['a', { name: 'a', arguments: { x: 1 } }] }, made)).toBe(true);
    const twice = [
      { name: 'a', arguments: { x: 1 } },
      { name: 'a', arguments: { x: 1 } },
    ];
    expect(await passes({ expected: twice }, made)).toBe(false);
  });

  it('reads arguments that a client wrapped', async () => {
    for (const inputs of [
      { kwargs: { order_id: 'HH-1' } },
      { args: [], kwargs: { order_id: 'HH-1' } },
      { call: { tool_name: 'lookup_order', args: '{"order_id": "HH-1"}' } },
      { call: { tool_name: 'lookup_order', args: { order_id: 'HH-1' } } },
    ]) {
      const name = 'call' in inputs ? 'running tool' : 'lookup_order';
      expect(await passes({ expected: [lookup], mode: 'exact' }, calls([name, inputs]))).toBe(true);
    }
    const other = calls(['lookup_order', { kwargs: { order_id: 'HH-1' }, order_id: 'HH-2' }]);
    expect(await passes({ expected: [lookup] }, other)).toBe(false);
  });

  it('expects no call at all of an empty list', async () => {
    for (const mode of ['any_order', 'in_order', 'exact']) {
      expect(await passes({ expected: [], mode }, {})).toBe(true);
    }
    expect(await scoreBuiltin('tool_call_match', { expected: [] }, calls(['a'], ['b']))).toEqual({
      value: false,
      rationale: 'expected 0 calls, got 2; called a, b',
    });
  });

  it('orders calls by their start and looks at no other spans', async () => {
    const trace = {
      spans: [
        { type: 'TOOL', name: 'late', startTimeUnixNano: 2n },
        { type: 'TOOL', name: 'early', startTimeUnixNano: 1n },
        { type: 'LLM', name: 'model', startTimeUnixNano: 0n },
      ],
    };
    expect(await passes({ expected: ['early', 'late'], mode: 'exact' }, trace)).toBe(true);
  });

  it('pairs in any order exactly when some order of the calls is in order', async () => {
    const name = fc.constantFrom('a', 'b');
    const args = fc.option(fc.record({ x: fc.nat(1) }), { nil: null });
    const call = fc.record({ name, arguments: args });
    await fc.assert(
      fc.asyncProperty(
        fc.array(call, { maxLength: 4 }),
        fc.array(call, { maxLength: 4 }),
        async (expected, made) => {
          const anyOrder = await passes(
            { expected },
            calls(...made.map((each) => [each.name, each.arguments] as const)),
          );
          const orders = await Promise.all(
            permutations(made).map((order) =>
              passes(
                { expected, mode: 'in_order' },
                calls(...order.map((each) => [each.name, each.arguments] as const)),
              ),
            ),
          );
          expect(anyOrder).toBe(orders.includes(true));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
