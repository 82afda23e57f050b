import type { ArchiveRow } from '../archive-row.ts';
import type { ListedDeadLetter } from '../dead-letter.ts';
import type { TraceDecision } from '../decisions.ts';
import type { PickResult } from '../result.ts';
import { describePosition } from './describe-result.ts';

/** Of a record whose text can no longer be read, for people. */
export const UNREADABLE =
  'its text can no longer be read, so only stored results tell what scorers did';

/** What is known about a trace id in an experiment. */
export interface TraceTrail {
  readonly experimentId: string;
  /** The newest stored record; null where none is stored. */
  readonly newest:
    | (Pick<ArchiveRow, 'position' | 'configRevision'> & {
        /** Whether its text can still be read. */
        readonly isReadable: boolean;
      })
    | null;
  /** How many stored records were found. */
  readonly records: number;
  /** Whether there may be more records than were found. */
  readonly isCut: boolean;
  readonly results: readonly PickResult[];
  /** Records with the id as their key that could not be taken, newest first; of any experiment. */
  readonly deadLetters: readonly ListedDeadLetter[];
  /** Whether the experiment is archived now. */
  readonly archives: boolean;
  /** Other experiments that have a trace of this id. */
  readonly elsewhere: readonly string[];
}

/** What happened to a trace as a whole, with a sentence that says what to do where it is not there. */
export function explainTrace(trail: TraceTrail): {
  readonly decision: TraceDecision;
  readonly reason: string;
} {
  const { newest, results, deadLetters, elsewhere } = trail;
  if (newest !== null) return { decision: 'archived', reason: describeArchived(trail, newest) };
  if (results.length > 0) return { decision: 'not_archived', reason: describeResultsOnly(trail) };
  const [letter] = deadLetters;
  // The letters may be of any experiment. Where the trace is stored there is more to learn about them.
  if (letter !== undefined && elsewhere.length === 0)
    return { decision: 'dead_lettered', reason: describeLetter(letter) };
  return { decision: 'not_seen', reason: describeNotSeen(trail) };
}

function describeArchived(
  { records, isCut, deadLetters }: TraceTrail,
  { position, configRevision, isReadable }: NonNullable<TraceTrail['newest']>,
): string {
  const stored = `stored from ${describePosition(position)} and processed under configuration revision ${configRevision}`;
  const which =
    records === 1
      ? ''
      : `; the newest of ${isCut ? `${records} or more` : records} records of this id`;
  const unreadable = isReadable ? '' : `; ${UNREADABLE}`;
  return `${stored}${which}${unreadable}${describeRefused(deadLetters)}`;
}

/** Dead letters beside what else is known. */
function describeRefused([letter]: TraceTrail['deadLetters']): string {
  return letter === undefined
    ? ''
    : `; another record of this key was refused: ${describeLetter(letter)}`;
}

function describeResultsOnly({ experimentId, archives }: TraceTrail): string {
  return archives
    ? `results are stored, but the trace is not: it was removed from the archive, or experiment '${experimentId}' was not archived then`
    : `results are stored, but the trace is not: experiment '${experimentId}' is not archived`;
}

function describeLetter({ position, reason, detail }: ListedDeadLetter): string {
  return `${describePosition(position)} is a dead letter: ${reason}: ${detail}`;
}

function describeNotSeen({ experimentId, elsewhere, archives, deadLetters }: TraceTrail): string {
  const nothing = `nothing of this id was read in experiment '${experimentId}'`;
  if (elsewhere.length > 0) {
    const others = elsewhere.map((id) => `'${id}'`).join(', ');
    return `${nothing}; a trace of this id is in experiment ${others}: ask there${describeRefused(deadLetters)}`;
  }
  const unstored = archives
    ? ''
    : ', whose traces are not archived: one that no scorer has judged leaves nothing behind';
  return `${nothing}${unstored}; check the id, and that it was sent to a topic that Assay reads; if it was sent just now, ask again; a record that could not be read and had no key is found in the dead-letter topic only`;
}
