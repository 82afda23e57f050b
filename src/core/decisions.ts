/** The one list of what can happen to a trace, a scorer and a pick: for counters, explain, API and docs. */

/** How a pick ends; it is `queued` until then when its scorer is a queued one. */
export const PICK_ENDS = {
  scored: 'The scorer gave feedback.',
  no_feedback: 'The scorer had nothing to say.',
  not_applicable: 'The scorer says that it does not apply to this trace, and why.',
  failed: 'The call failed; the feedback holds the error.',
  already_scored: 'This version has judged this trace before, for another record or job.',
  not_running: 'The scorer was stopped or deleted before its turn came.',
  cancelled: 'The job that asked for it was cancelled.',
} as const;
export type PickEnd = keyof typeof PICK_ENDS;

/** Why a scorer in force does not get to see a trace. */
export const PASS_REASONS = {
  filtered_out: 'The filter string does not match the trace.',
  filter_failed: 'The filter string could not be asked of the trace: a fault of Assay.',
  sampled_out: 'The sampling position of the trace is not below the sample rate.',
  evaluation_run: 'The trace was made by an evaluation run.',
  own_trace: 'The trace was written by a scorer itself.',
  unfinished: 'The trace has not ended; its final record will be scored.',
  not_running: 'The scorer is not started, is stopped, or is not loaded on this instance.',
  registered_later: 'The scorer was registered after the trace was processed.',
  republished: 'A result stored before a restart was published instead.',
} as const;
export type PassReason = keyof typeof PASS_REASONS;

/** What a pick is until it ends. */
export const PICK_WAITS = {
  queued: 'Picked, and no result is stored yet.',
} as const;
export type PickWait = keyof typeof PICK_WAITS;

/** What can happen to a trace as a whole. */
export const TRACE_DECISIONS = {
  archived: 'The trace is stored; for each scorer it is known what became of it.',
  not_archived: 'Its experiment is not archived; only stored results tell of it.',
  past_retention: 'The record was older than the archive keeps traces.',
  erased: 'The trace was erased on request.',
  tombstone: 'The record has no value.',
  dead_lettered: 'The record could not be taken; it is in the dead-letter topic.',
  not_seen: 'Nothing of this id was read.',
} as const;
export type TraceDecision = keyof typeof TRACE_DECISIONS;
