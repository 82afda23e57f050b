import type { LimitCode } from './child/protocol.ts';

export type SandboxErrorCode = LimitCode | 'SCORER_ERROR' | 'SANDBOX_UNAVAILABLE';

/** Why a call came to nothing beside what the scorer itself says. */
export class SandboxError extends Error {
  readonly code: SandboxErrorCode;

  constructor(code: SandboxErrorCode, message: string) {
    super(message);
    this.name = 'SandboxError';
    this.code = code;
  }
}
