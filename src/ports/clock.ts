/** Time as the engine sees it; tests bring their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `delayMs`; returns a function that cancels. */
  after(delayMs: number, callback: () => void): () => void;
}
