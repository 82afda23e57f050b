import type { Claim } from '../core/claim.ts';
import type { Clock } from '../ports/clock.ts';

/** Longer than any running instance goes without a check, shorter than any session of a consumer group. */
const MAX_AGE_MS = 1_000;
const MAX_CHECKS = 3;

/** Whether Postgres says that no other instance has claimed the partition. Waits out outages. */
export type AskClaim = (claim: Claim, signal: AbortSignal) => Promise<boolean>;

export interface HeldClaimPorts {
  readonly clock: Clock;
  readonly ask: AskClaim;
  /** Ends waiting for Postgres. */
  readonly signal: AbortSignal;
}

/**
 * The claim on a partition, and how old the news is that it still stands. A process that stood still for
 * longer than its session (a zombie) wakes up in the middle of its work; only the age tells it.
 */
export class HeldClaim {
  readonly claim: Claim;
  readonly #ports: HeldClaimPorts;
  /** When Postgres was asked what it then said yes to. */
  #knownAtMs = Number.NEGATIVE_INFINITY;

  constructor(claim: Claim, ports: HeldClaimPorts) {
    this.claim = claim;
    this.#ports = ports;
  }

  /** Asks Postgres. Rejects with WorkAborted when the signal says so. */
  async check(): Promise<boolean> {
    const { clock, ask, signal } = this.#ports;
    // The time of the question: between the answer and its use the process may stand still as well.
    const askedAtMs = clock.now();
    if (!(await ask(this.claim, signal))) return false;
    this.#knownAtMs = Math.max(this.#knownAtMs, askedAtMs);
    return true;
  }

  /** Asks only when the last good answer is too old. */
  async confirm(): Promise<boolean> {
    // More than once only when the process stood still, or Postgres was slow, while it waited for the answer.
    for (let check = 0; check < MAX_CHECKS && this.#isOld(); check++) {
      if (!(await this.check())) return false;
    }
    return true;
  }

  #isOld(): boolean {
    // A clock that was set back makes the answer seem to come from the future: it may be of any age.
    return Math.abs(this.#ports.clock.now() - this.#knownAtMs) > MAX_AGE_MS;
  }
}
