import type { Trace } from '@assay/sdk';
import { checkCodeScorer, MAX_SOURCE_LENGTH } from '../../core/code-scorer/check-code-scorer.ts';
import type { CodeScorer, CodeScorerCheck } from '../../core/code-scorer/code-scorer.ts';
import { toSourceRefused } from '../../core/code-scorer/require-code-scorer.ts';
import { AssayError } from '../../core/errors.ts';
import type { ScorerDefinition } from '../../core/scorer-state.ts';
import type { LoadedScorer, ScoreCall, ScorerRuntime } from '../../ports/scorer-runtime.ts';
import type { Sandbox, SandboxedScorer } from './create-sandbox.ts';
import type { InnerResult } from './isolate/inner-result.ts';
import { failed, NEVER_SETTLES, reviveReturned } from './revive-returned.ts';
import { sampleTrace } from './sample-trace.ts';
import { SandboxError } from './sandbox-error.ts';
import { stripTypes } from './strip-types.ts';

export interface CodeRuntimeOptions {
  readonly sandbox: Sandbox;
  /** What a scorer is tried on when it is registered. */
  readonly sample?: Trace;
}

/** The longest processor time that a scorer may ask for, in milliseconds. */
const MAX_TIMEOUT_MS = 1000;
const FIELDS = ['source', 'timeout_ms'];
/** Classes of errors that no trace is to blame for. */
const FAULTS_OF_THE_CODE = ['ReferenceError', 'SyntaxError', 'ScorerDefinitionError'];

/**
 * Runs scorers whose source was registered. A request is `{ source, timeout_ms? }`, in JavaScript or
 * TypeScript; its definition is `{ kind: 'code', source, timeout_ms? }` with types stripped.
 */
export function createCodeRuntime({
  sandbox,
  sample = sampleTrace(),
}: CodeRuntimeOptions): ScorerRuntime {
  function load(definition: ScorerDefinition): LoadedScorer | undefined {
    const found = readDefinition(definition);
    if (found === undefined) return undefined;
    const scorer = sandbox.add(found);
    const { concurrency } = found.options;
    return {
      ...(concurrency !== undefined && { concurrency }),
      score: (call) => score(scorer, call),
    };
  }

  return {
    kind: 'code',

    async define(request) {
      const definition = await toDefinition(request);
      const found = readDefinition(definition);
      if (found !== undefined) await tryOut(() => sandbox.add(found).call(sample));
      return definition;
    },

    redefine(definition) {
      return readDefinition(definition) === undefined ? undefined : definition;
    },

    load,
  };
}

/** Whatever the sandbox has to say is an answer too; only what stopped the call from the outside rejects. */
async function score(scorer: SandboxedScorer, { trace, signal }: ScoreCall): Promise<unknown> {
  try {
    return reviveReturned(await scorer.call(trace, signal));
  } catch (error) {
    if (error instanceof SandboxError) return failed(error.code, error.message);
    throw error;
  }
}

interface ReadDefinition extends CodeScorer {
  readonly cpuMs?: number;
}

/** undefined for what this code cannot run. */
function readDefinition({
  kind,
  source,
  timeout_ms,
}: ScorerDefinition): ReadDefinition | undefined {
  if (kind !== 'code' || typeof source !== 'string') return undefined;
  const check = checkCodeScorer(source);
  if (!check.ok) return undefined;
  const asked = typeof timeout_ms === 'number' ? timeout_ms : check.code.options.timeoutMs;
  return { ...check.code, ...(asked !== undefined && { cpuMs: Math.min(asked, MAX_TIMEOUT_MS) }) };
}

async function toDefinition(request: Readonly<Record<string, unknown>>): Promise<ScorerDefinition> {
  const stray = Object.keys(request).filter((field) => !FIELDS.includes(field));
  if (stray.length > 0) {
    throw refusal(
      `a code scorer has no field ${stray.map((field) => `'${field}'`).join(', ')}; there are: name, kind, ${FIELDS.join(', ')}`,
      { fields: stray },
    );
  }
  const { source, timeout_ms: timeoutMs } = request;
  if (typeof source !== 'string') {
    throw refusal('source: expected the source of a function, or of a module that exports one', {});
  }
  const check = await checkEither(source);
  if (!check.ok) throw toSourceRefused(check.problems);
  const { source: normalised } = check.code;
  if (timeoutMs === undefined || timeoutMs === null) return { kind: 'code', source: normalised };
  if (typeof timeoutMs !== 'number' || !isTimeout(timeoutMs)) {
    throw refusal(`timeout_ms: expected a whole number from 1 to ${MAX_TIMEOUT_MS}`, {});
  }
  return { kind: 'code', source: normalised, timeout_ms: timeoutMs };
}

function isTimeout(timeoutMs: number): boolean {
  return Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS;
}

/** As JavaScript; else, where that is no JavaScript, as TypeScript. */
async function checkEither(source: string): Promise<CodeScorerCheck> {
  const check = checkCodeScorer(source);
  if (check.ok || source.length > MAX_SOURCE_LENGTH) return check;
  const stripped = await stripTypes(source);
  return stripped === undefined || stripped === source ? check : checkCodeScorer(stripped);
}

/**
 * Refuses what cannot work on any trace. An error that the scorer throws itself is no reason: the traces that
 * it was written for may look different.
 */
async function tryOut(call: () => Promise<string>): Promise<void> {
  let result: InnerResult;
  try {
    result = JSON.parse(await call()) as InnerResult;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    const { code, message } = error;
    if (code !== 'SANDBOX_UNAVAILABLE') throw triedInVain(code, message);
    throw new AssayError('INTERNAL', message, { retryable: true, cause: error });
  }
  if (result.kind === 'pending') throw triedInVain('SCORER_TIMEOUT', NEVER_SETTLES);
  if (result.kind !== 'answer') return;
  const { threw, feedback } = result;
  const error = feedback[0]?.error;
  if (error === undefined || error === null) return;
  const isRefusal = threw === null && error.code === 'SCORER_RETURN_INVALID';
  const isFault = threw !== null && FAULTS_OF_THE_CODE.includes(threw);
  if (isRefusal || isFault) throw triedInVain(error.code, error.message, error.stackTrace);
}

function triedInVain(code: string, message: string, stackTrace: string | null = null): AssayError {
  return refusal(`source: tried on a sample trace, the scorer fails with ${code}: ${message}`, {
    error_code: code,
    error_message: message,
    stack_trace: stackTrace,
  });
}

function refusal(message: string, context: Readonly<Record<string, unknown>>): AssayError {
  return new AssayError('SCORER_DEFINITION_INVALID', message, { context });
}
