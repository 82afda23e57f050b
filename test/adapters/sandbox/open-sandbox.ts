import { afterAll } from 'vitest';
import type { Trace } from '@assay/sdk';
import { createSandbox, type Sandbox } from '../../../src/adapters/sandbox/create-sandbox.ts';
import { reviveReturned } from '../../../src/adapters/sandbox/revive-returned.ts';
import { SandboxError } from '../../../src/adapters/sandbox/sandbox-error.ts';
import type { SandboxOptions } from '../../../src/adapters/sandbox/sandbox-options.ts';
import { toPickResult } from '../../../src/core/feedback/to-pick-result.ts';
import { buildTrace } from '../builtin-scorers/build-trace.ts';
import { makePick } from '../../core/feedback/make-pick.ts';

/** A sandbox that is closed with its test file. */
export function openSandbox(options: SandboxOptions = {}): Sandbox {
  const sandbox = createSandbox(options);
  afterAll(() => sandbox.close());
  return sandbox;
}

export const TRACE = buildTrace({ outputs: 'about a refund' });

/** What one call came to: the value of its feedback, or the code of its error and what it says. */
export interface Seen {
  readonly value: unknown;
  readonly code: string | null;
  readonly message: string;
}

/** Runs statements that return a scorer, without any check of them before. */
export function runBody(sandbox: Sandbox, body: string, trace: Trace = TRACE): Promise<Seen> {
  const scorer = sandbox.add({ body });
  return see(scorer.call(trace));
}

export async function see(call: Promise<string>): Promise<Seen> {
  let value: unknown;
  try {
    value = reviveReturned(await call);
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    return { value: null, code: error.code, message: error.message };
  }
  const returned = { kind: 'value', value } as const;
  const { feedback } = toPickResult({ pick: makePick(), returned, createdAtMs: 0 });
  const [first] = feedback;
  return {
    value: first?.value ?? null,
    code: first?.error?.code ?? null,
    message: first?.error?.message ?? '',
  };
}
