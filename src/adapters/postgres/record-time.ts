/** Where the archive puts a record in time. */
export interface RecordTime {
  /** A timestamptz. */
  readonly text: string;
  /** The UTC day, `2026-11-21`; null when the record's own time is not usable. */
  readonly day: string | null;
}

const FROM_MS = BigInt(Date.UTC(2000, 0, 1));
const TO_MS = BigInt(Date.UTC(2100, 0, 1));
const UNKNOWN: RecordTime = { text: '-infinity', day: null };

/**
 * The time of a record as the archive keys it. Producers write any int64 (-1 for none, seconds,
 * nanoseconds): what lies outside 2000 to 2100 counts as unknown.
 */
export function toRecordTime(timestampMs: bigint): RecordTime {
  if (timestampMs < FROM_MS || timestampMs >= TO_MS) return UNKNOWN;
  const text = new Date(Number(timestampMs)).toISOString();
  return { text, day: text.slice(0, 10) };
}
