import { describe, expect, it } from 'vitest';
import { createBuiltinRuntime } from '../../src/adapters/builtin-scorers/create-builtin-runtime.ts';
import { loadModuleRuntime } from '../../src/adapters/module-scorers/load-module-runtime.ts';
import { isAssayError } from '../../src/core/errors.ts';
import { toPickResult } from '../../src/core/feedback/to-pick-result.ts';
import { contentHash } from '../../src/core/ids.ts';
import type { ScorerDefinition, ScorerKind } from '../../src/core/scorer-state.ts';
import type { ScorerRuntime } from '../../src/ports/scorer-runtime.ts';
import { buildTrace } from '../adapters/builtin-scorers/build-trace.ts';
import { scorerFolder } from '../adapters/module-scorers/scorer-folder.ts';
import { makePick } from '../core/feedback/make-pick.ts';
import { createFakeRuntime } from '../engine/fakes/fake-runtime.ts';

type Request = Readonly<Record<string, unknown>>;

interface RuntimeCase {
  readonly kind: ScorerKind;
  /** Each call is another process with the same code. */
  readonly open: () => Promise<ScorerRuntime>;
  /** What a definition has that was made with other code. */
  readonly aged: Readonly<Record<string, string | number>>;
  readonly request: Request;
  /** The same scorer with another configuration. */
  readonly changed?: Request;
  readonly wrong: readonly Request[];
  /** What a definition of this kind has that nobody has loaded. */
  readonly unknown: Readonly<Record<string, string>>;
}

const MODULE = `
  import { Scorer } from '@assay/sdk';
  export class Longer extends Scorer {
    score({ outputs }) { return outputs.length > (this.config?.than ?? 3); }
  }
`;

async function loadModule(code: string): Promise<ScorerRuntime> {
  const workingDirectory = await scorerFolder({ 'scorers.js': code });
  return loadModuleRuntime({ files: ['scorers.js'], workingDirectory });
}

const CASES: readonly RuntimeCase[] = [
  {
    kind: 'builtin',
    open: () => Promise.resolve(createBuiltinRuntime()),
    request: { builtin: 'contains', config: { text: 'refund' } },
    changed: { builtin: 'contains', config: { text: 'money' } },
    wrong: [{}, { builtin: 'nonsense' }, { builtin: 'contains', config: { text: 7 } }],
    unknown: { builtin: 'of-the-future' },
    aged: { revision: 0 },
  },
  {
    kind: 'module',
    open: () => loadModule(MODULE),
    request: { module_scorer: 'longer' },
    changed: { module_scorer: 'longer', config: { than: 100 } },
    wrong: [{}, { module_scorer: 'nonsense' }, { module_scorer: 'longer', config: 'text' }],
    unknown: { module_scorer: 'of-elsewhere' },
    aged: { code_hash: '0'.repeat(64) },
  },
  {
    kind: 'code',
    open: () => Promise.resolve(createFakeRuntime('code', ['yes'])),
    request: { code: 'yes' },
    wrong: [{}, { code: 'nonsense' }],
    unknown: { name: 'of-elsewhere' },
    aged: { code: 'of yesterday' },
  },
];

/** As it comes back from the registry. */
function stored(definition: ScorerDefinition): ScorerDefinition {
  return JSON.parse(JSON.stringify(definition)) as ScorerDefinition;
}

const call = () => ({
  trace: buildTrace({ outputs: 'about a refund' }),
  signal: new AbortController().signal,
});

describe.each(CASES)('the runtime of kind $kind', (runtimeCase) => {
  const { kind, open, aged, request, changed, wrong, unknown } = runtimeCase;

  it('makes one closed definition of one request, of its kind and of JSON', async () => {
    const [here, there] = [await open(), await open()];
    const definition = await here.define(request);
    expect(here.kind).toBe(kind);
    expect(definition.kind).toBe(kind);
    expect(stored(definition)).toEqual(definition);
    expect(contentHash(await there.define(request))).toBe(contentHash(definition));
    if (changed === undefined) return;
    expect(contentHash(await here.define(changed))).not.toBe(contentHash(definition));
  });

  it.each(wrong.map((each) => [each]))('refuses %j and says what to do', async (each) => {
    const runtime = await open();
    const error: unknown = await runtime.define(each).catch((thrown: unknown) => thrown);
    const refused =
      isAssayError(error, 'SCORER_DEFINITION_INVALID') || isAssayError(error, 'SCORER_NOT_LOADED');
    expect(refused).toBe(true);
  });

  it('runs in another process what was defined in one, also after a way through the registry', async () => {
    const definition = stored(await (await open()).define(request));
    const loaded = (await open()).load(definition);
    const value = await loaded?.score(call());
    expect(loaded).toBeDefined();
    const returned = { kind: 'value', value } as const;
    const { outcome } = toPickResult({ pick: makePick(), returned, createdAtMs: 0 });
    expect(outcome).toBe('scored');
  });

  it('redefines to the same thing while the code is the same', async () => {
    const runtime = await open();
    const definition = stored(await runtime.define(request));
    expect(runtime.redefine(definition)).toEqual(definition);
  });

  it('has nothing under definitions that it does not know, or that are of another kind', async () => {
    const runtime = await open();
    const definition = await runtime.define(request);
    const other = kind === 'judge' ? 'code' : 'judge';
    for (const stranger of [{ kind, ...unknown }, { ...definition, kind: other } as const]) {
      expect(runtime.load(stranger)).toBeUndefined();
      expect(runtime.redefine(stranger)).toBeUndefined();
    }
  });

  it('does not load what was defined with other code, and redefines it to what is here', async () => {
    const runtime = await open();
    const definition = await runtime.define(request);
    const old = { ...definition, ...aged };
    expect(runtime.load(old)).toBeUndefined();
    expect(runtime.redefine(old)).toEqual(definition);
    expect(runtime.load(definition)).toBeDefined();
  });
});
