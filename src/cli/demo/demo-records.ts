import { createHash } from 'node:crypto';
import type { Line } from '../read-lines.ts';

const TRACE_ID = /"trace_id": ?"tr-([0-9a-f]{32})"/;

/**
 * So many recorded traces, and three records that cannot be read. The recording is repeated as often as
 * needed; from the second round on traces get ids of their own, the same ones each time.
 */
export function* demoRecords(recording: readonly string[], traces: number): Generator<Line> {
  let number = 0;
  for (; number < traces; number++) {
    const text = recording[number % recording.length] ?? '';
    yield toLine(number, inRound(text, Math.floor(number / recording.length)));
  }
  for (const text of brokenRecords(recording[0] ?? '')) yield toLine(number++, text);
}

/** What goes wrong at producers: a value cut off, a log line, a trace that does not say which it is. */
function brokenRecords(text: string): readonly string[] {
  return [
    text.slice(0, text.length / 2),
    'ERROR could not serialise trace',
    text.replace(TRACE_ID, '"other": 0'),
  ];
}

function inRound(text: string, round: number): string {
  const recorded = TRACE_ID.exec(text)?.[1];
  if (recorded === undefined) throw new Error('a line of the recording has no trace id');
  if (round === 0) return text;
  const id = createHash('sha256').update(`${recorded}/${round}`).digest('hex').slice(0, 32);
  return text.replaceAll(recorded, id).replaceAll(toBase64(recorded), toBase64(id));
}

function toBase64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function toLine(index: number, text: string): Line {
  return { number: index + 1, bytes: new TextEncoder().encode(text) };
}
