import { runInNewContext } from 'node:vm';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import {
  AssayClient,
  AssayClientError,
  builtin,
  deleteScorer,
  type FunctionScorer,
  getScorer,
  listScorers,
  listScorerVersions,
  Scorer,
  scorer,
  type ScorerArguments,
  ScorerDefinitionError,
  ServiceScorer,
} from '../src/index.ts';
import { startClientService } from './client-service.ts';

const mentionsRefund = scorer({ name: 'mentions_refund', timeoutMs: 500 }, ({ outputs }) =>
  String(outputs).includes('refund'),
);

class MinWords extends Scorer<{ min: number }> {
  static readonly configSchema = z.strictObject({ min: z.int().positive() });
  calls = 0;

  score({ outputs }: ScorerArguments): boolean {
    this.calls += 1;
    return String(outputs).split(' ').length >= this.config.min;
  }
}

/** Takes no options object. */
class Positional extends Scorer<{ min: number }> {
  constructor(min: number) {
    super({ config: { min } });
  }
  score(): number {
    return this.config.min;
  }
}

async function open() {
  const { url } = await startClientService({ modules: [mentionsRefund, MinWords] });
  return new AssayClient({ url, author: 'ann' });
}

describe('the life of a function scorer', () => {
  it('goes from registered to active, stopped and deleted, each a new instance', async () => {
    const client = await open();
    const registered = await mentionsRefund.register(client);
    const started = await registered.start({
      samplingConfig: { sampleRate: 0.5, filterString: "status = 'OK'" },
    });
    const updated = await started.update({ samplingConfig: { sampleRate: 0.25 } });
    const stopped = await updated.stop();
    const cleared = await stopped.update({ samplingConfig: { filterString: null } });
    const deleted = await cleared.delete();
    const facts = (one: FunctionScorer<boolean>) => ({
      status: one.status,
      version: one.version,
      sampleRate: one.sampleRate,
      filterString: one.filterString,
    });
    const filterString = "status = 'OK'";
    expect(
      [mentionsRefund, registered, started, updated, stopped, cleared, deleted].map(facts),
    ).toEqual([
      { status: 'unregistered', version: null, sampleRate: null, filterString: null },
      { status: 'registered', version: 1, sampleRate: null, filterString: null },
      { status: 'active', version: 1, sampleRate: 0.5, filterString },
      { status: 'active', version: 1, sampleRate: 0.25, filterString },
      { status: 'stopped', version: 1, sampleRate: 0, filterString },
      { status: 'stopped', version: 1, sampleRate: 0, filterString: null },
      { status: 'deleted', version: 1, sampleRate: null, filterString: null },
    ]);
    expect(await deleted({ outputs: 'a refund' })).toBe(true);
    expectTypeOf(started).toEqualTypeOf(mentionsRefund);
  });

  it('keeps its client, experiment and registered name', async () => {
    const client = await open();
    const registered = await mentionsRefund.register(client, {
      name: 'refunds',
      experimentId: '7',
    });
    const started = await registered.start({ samplingConfig: { sampleRate: 1 } });
    expect([started.name, started.experimentId, mentionsRefund.name]).toEqual([
      'refunds',
      '7',
      'mentions_refund',
    ]);
    expect(started.registration).toMatchObject({
      client,
      name: 'refunds',
      kind: 'code',
      lastVersion: 1,
      includeEvaluationRuns: false,
      samplingConfig: { sampleRate: 1, filterString: null },
      updatedBy: 'ann',
    });
    expect(started.revision).toBeGreaterThan(registered.revision ?? 0);
    expect(await listScorers(client)).toEqual([]);
  });

  it('is started through a client by its name, without having been registered here', async () => {
    const client = await open();
    await mentionsRefund.register(client, { name: 'refunds' });
    const started = await mentionsRefund.start(client, { name: 'refunds' });
    expect([started.status, started.sampleRate, started.name]).toEqual(['active', 1, 'refunds']);
    expect((await started.stop(client)).status).toBe('stopped');
  });

  it('registers its source, as the next version when it has changed', async () => {
    const client = await open();
    await mentionsRefund.register(client);
    const other = scorer({ name: 'mentions_refund' }, function judge({ outputs }) {
      return outputs === 'refund';
    });
    expect((await other.register(client)).version).toBe(2);
    const versions = await listScorerVersions(client, { name: 'mentions_refund' });
    expect(versions).toMatchObject([
      {
        version: 1,
        inForce: false,
        createdBy: 'ann',
        definition: {
          kind: 'code',
          source: mentionsRefund.score.toString(),
          timeout_ms: 500,
        },
      },
      { version: 2, inForce: true, definition: { kind: 'code', source: other.score.toString() } },
    ]);
    const back = await mentionsRefund.start(client, { version: 1 });
    expect([back.version, back.registration?.lastVersion]).toEqual([1, 2]);
    const same = mentionsRefund.register(client);
    await expect(same).rejects.toMatchObject({ code: 'SCORER_ALREADY_REGISTERED', status: 409 });
  });

  it('registers as a module scorer by its own name when asked', async () => {
    const client = await open();
    const registered = await mentionsRefund.register(client, { name: 'refunds', as: 'module' });
    expect(registered.registration?.definition).toMatchObject({
      kind: 'module',
      module_scorer: 'mentions_refund',
    });
    const again = registered.register(client, { name: 'again', as: 'module' });
    expect((await again).registration?.definition).toMatchObject({
      module_scorer: 'mentions_refund',
    });
    const missing = scorer({ name: 'missing' }, () => 1).register(client, { as: 'module' });
    await expect(missing).rejects.toMatchObject({ code: 'SCORER_NOT_LOADED' });
  });

  it('has no service to ask before it is registered', async () => {
    for (const operation of ['start', 'update', 'stop', 'delete'] as const) {
      const failed = mentionsRefund[operation]();
      await expect(failed).rejects.toThrow(AssayClientError);
      await expect(failed).rejects.toMatchObject({
        code: 'SCORER_NOT_REGISTERED',
        status: null,
        context: { name: 'mentions_refund', operation },
      });
    }
  });

  it('is not registered any more once it is sampled by hand', async () => {
    const client = await open();
    const registered = await mentionsRefund.register(client);
    const local = registered.withSampling({ sampleRate: 0.5 });
    expect([local.status, local.version, local.sampleRate]).toEqual(['unregistered', null, 0.5]);
  });

  it.each<[string, object, string]>([
    ['samplingConfig', { samplingConfig: { sample_rate: 0.1 } }, 'sample_rate'],
    ['start', { sampleRate: 0.1 }, 'sampleRate'],
  ])('refuses an option that %s does not have', async (what, options, field) => {
    const client = await open();
    const registered = await mentionsRefund.register(client);
    const failed = registered.start(options);
    await expect(failed).rejects.toThrow(ScorerDefinitionError);
    await expect(failed).rejects.toMatchObject({ field });
    await expect(failed).rejects.toThrow(new RegExp(`^${what} has no '${field}'; there are: `));
    expect((await getScorer(client, { name: 'mentions_refund' })).status).toBe('registered');
  });

  it('rejects with the code of the service and what it says besides', async () => {
    const client = await open();
    const registered = await mentionsRefund.register(client);
    await expect(
      registered.start({ samplingConfig: { filterString: "statuss = 'OK'" } }),
    ).rejects.toMatchObject({
      name: 'AssayClientError',
      code: 'FILTER_INVALID',
      status: 400,
      retryable: false,
      context: { column: 1, expected: expect.any(String) as string },
    });
    await expect(registered.start({ samplingConfig: { sampleRate: 0 } })).rejects.toMatchObject({
      code: 'SAMPLE_RATE_INVALID',
    });
    await expect(registered.start({ version: 9 })).rejects.toMatchObject({
      code: 'SCORER_VERSION_NOT_FOUND',
    });
    await expect(registered.stop({ name: 'other' })).rejects.toMatchObject({
      code: 'SCORER_NOT_FOUND',
      status: 404,
    });
  });

  it('takes the client first', async () => {
    // @ts-expect-error a scorer that was never registered needs to be told where
    await expect(mentionsRefund.register()).rejects.toThrow(/^register takes the client first/);
  });
});

describe('the source of a function scorer', () => {
  const bound = ((threshold: number) => threshold > 1).bind(null, 2);
  const holder = {
    method() {
      return 1;
    },
    async later() {
      return 1;
    },
    ['computed name']() {
      return 1;
    },
    get got() {
      return 1;
    },
  };
  const { got } = Object.getOwnPropertyDescriptors(holder);

  it.each<[string, unknown]>([
    ['bound', bound],
    ['native', Date.now],
    ['method', Reflect.get(holder, 'method')],
    ['async method', Reflect.get(holder, 'later')],
    ['computed method', Reflect.get(holder, 'computed name')],
    ['getter', Reflect.get(got, 'get')],
    ['class', class {}],
  ])('of a %s function is refused with advice, and nothing is sent', async (_, fn) => {
    const client = new AssayClient({
      fetch: () => Promise.reject(new Error('nothing should be sent')),
    });
    const failed = scorer({ name: 'x' }, fn as () => number).register(client);
    await expect(failed).rejects.toMatchObject({ name: 'ScorerDefinitionError', field: 'source' });
    await expect(failed).rejects.toThrow(/arrow function .* as: 'module'/);
  });

  it.each<[string, (args: ScorerArguments) => unknown]>([
    ['arrow', ({ outputs }) => outputs],
    ['arrow with one name', (args) => args.outputs],
    ['async arrow', async ({ outputs }) => outputs],
    [
      'function',
      function ({ outputs }) {
        return outputs;
      },
    ],
    [
      'async function with a name',
      async function judge({ outputs }) {
        return outputs;
      },
    ],
  ])('of an %s goes to the service', async (_, fn) => {
    const client = await open();
    const made = scorer({ name: 'x' }, fn as () => number);
    const { registration } = await made.register(client);
    expect(registration?.definition).toEqual({ kind: 'code', source: fn.toString() });
  });

  it('has line ends of one kind and may have comments in its head', async () => {
    const client = await open();
    // Vitest takes comments out of the code of this file.
    const { fn } = runInNewContext('({ fn: async /* a */ x /* b */ => `c\r\nd` })') as {
      readonly fn: () => Promise<string>;
    };
    const { registration } = await scorer({ name: 'x' }, fn).register(client);
    expect(registration?.definition).toEqual({
      kind: 'code',
      source: 'async /* a */ x /* b */ => `c\nd`',
    });
  });
});

describe('the life of a class scorer', () => {
  it('registers as a module with its configuration, and gives instances of its class', async () => {
    const client = await open();
    const minWords = new MinWords({ config: { min: 3 } });
    await minWords.run({ outputs: 'a' });
    const registered = await minWords.register(client, { name: 'three_words' });
    const started = await registered.start({ samplingConfig: { sampleRate: 0.1 } });
    expect(started).toBeInstanceOf(MinWords);
    expectTypeOf(started).toEqualTypeOf<MinWords>();
    expect(started).toMatchObject({
      name: 'three_words',
      status: 'active',
      version: 1,
      experimentId: '0',
      sampleRate: 0.1,
      filterString: null,
      samplingConfig: { sampleRate: 0.1, filterString: null },
      config: { min: 3 },
      calls: 0,
    });
    expect(started.registration?.definition).toMatchObject({
      kind: 'module',
      module_scorer: 'min_words',
      config: { min: 3 },
    });
    expect(await started.run({ outputs: 'one two three' })).toBe(true);
    expect([registered.sampleRate, registered.status]).toEqual([null, 'registered']);
    expect([minWords.name, minWords.status, minWords.calls]).toEqual([
      'min_words',
      'unregistered',
      1,
    ]);
    expect((await started.update({ samplingConfig: { sampleRate: 1 } })).sampleRate).toBe(1);
    expect((await started.stop()).status).toBe('stopped');
    const deleted = await started.delete();
    expect([deleted.status, deleted.name]).toEqual(['deleted', 'three_words']);
  });

  it('is refused as code, with the advice to deploy it', async () => {
    const client = await open();
    const failed = new MinWords({ config: { min: 3 } }).register(client, { as: 'code' });
    await expect(failed).rejects.toThrow(ScorerDefinitionError);
    await expect(failed).rejects.toThrow(/class MinWords .* ASSAY_SCORERS/);
  });

  it('is refused when a setting of the instance would be lost', async () => {
    const client = await open();
    const failed = new MinWords({ timeoutMs: 50, config: { min: 3 } }).register(client);
    await expect(failed).rejects.toMatchObject({ field: 'timeoutMs' });
  });

  it('is refused before anything is sent when its class cannot be copied', async () => {
    const client = await open();
    await expect(new Positional(3).register(client)).rejects.toMatchObject({
      field: 'constructor',
    });
    expect(await listScorers(client)).toEqual([]);
  });
});

describe('built-in scorers', () => {
  it('are described here and run there', async () => {
    const client = await open();
    const refunds = builtin('contains', { text: 'refund' });
    expect(refunds).toMatchObject({ name: 'contains', kind: 'builtin', status: 'unregistered' });
    const registered = await refunds.register(client, { name: 'refunds' });
    const started = await registered.start({
      samplingConfig: { sampleRate: 0.5, includeEvaluationRuns: true },
    });
    expect(started).toBeInstanceOf(ServiceScorer);
    expect(started).toMatchObject({
      name: 'refunds',
      status: 'active',
      sampleRate: 0.5,
      version: 1,
      definition: { kind: 'builtin', builtin: 'contains', config: { text: 'refund' } },
      registration: { includeEvaluationRuns: true },
    });
    expect(refunds.status).toBe('unregistered');
  });

  it('have their settings checked by the service', async () => {
    const client = await open();
    await expect(builtin('contains', { txt: 'refund' }).register(client)).rejects.toMatchObject({
      code: 'SCORER_DEFINITION_INVALID',
      detail: expect.stringContaining('txt') as string,
    });
    await expect(builtin('contians').register(client)).rejects.toThrow(/contains/);
    expect(() => builtin('contains', { text: new Date() })).toThrow(ScorerDefinitionError);
  });

  it('cannot be registered as something else', async () => {
    const client = await open();
    const failed = builtin('valid_json').register(client, { as: 'code' });
    await expect(failed).rejects.toThrow(/is of kind builtin, not code/);
  });
});

describe('registered scorers', () => {
  it('are got, listed and deleted by name', async () => {
    const client = await open();
    await mentionsRefund.register(client);
    await builtin('valid_json').register(client);
    const found = await getScorer(client, { name: 'mentions_refund' });
    expect(found).toMatchObject({ kind: 'code', status: 'registered', version: 1 });
    const started = await found.start({ samplingConfig: { sampleRate: 0.3 } });
    expect([found.sampleRate, started.sampleRate]).toEqual([null, 0.3]);
    expect((await listScorers(client)).map(({ name }) => name)).toEqual([
      'mentions_refund',
      'valid_json',
    ]);
    const deleted = await deleteScorer(client, { name: 'mentions_refund' });
    expect([deleted.status, deleted.kind]).toEqual(['deleted', 'code']);
    const gone = getScorer(client, { name: 'mentions_refund' });
    await expect(gone).rejects.toMatchObject({ code: 'SCORER_NOT_FOUND', status: 404 });
    const again = deleteScorer(client, { name: 'mentions_refund' });
    await expect(again).rejects.toMatchObject({ code: 'SCORER_NOT_FOUND' });
  });

  it('are registered again in another experiment', async () => {
    const client = await open();
    await new MinWords({ config: { min: 3 } }).register(client);
    await mentionsRefund.register(client, { as: 'module' });
    await builtin('contains', { text: 'refund' }).register(client);
    const copies = await Promise.all(
      (await listScorers(client)).map((each) => each.register(client, { experimentId: '2' })),
    );
    expect(copies.map(({ kind, experimentId }) => [kind, experimentId])).toEqual([
      ['builtin', '2'],
      ['module', '2'],
      ['module', '2'],
    ]);
    expect(await getScorer(client, { name: 'min_words', experimentId: '2' })).toMatchObject({
      definition: { module_scorer: 'min_words', config: { min: 3 } },
    });
  });

  it('are asked for with names that URLs give another meaning', async () => {
    const client = await open();
    const name = 'Höflichkeit 50 % & mehr?#';
    await builtin('valid_json', {}, { name }).register(client, { experimentId: 'a/b' });
    const found = await getScorer(client, { name, experimentId: 'a/b' });
    expect([found.name, found.experimentId]).toEqual([name, 'a/b']);
  });
});
