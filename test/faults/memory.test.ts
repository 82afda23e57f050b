import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeTrace, traceIdOf } from '../live/make-trace.ts';
import type { Member } from './harness/fleet.ts';
import { openWorld, type World, type WorldRecord } from './harness/open-world.ts';
import { createRandom } from './harness/random.ts';

const TRACES = 512;
const TRACE_BYTES = 1_000_000;
const PER_SEND = 32;
const IN_FLIGHT_BYTES = 64 * 1024 ** 2;
const MAX_OVER_IDLE_MIB = 512;

let world: World;
let service: Member;
let idleMiB: number;
let peakMiB: number;
/** MD5 of each body, by trace id. */
let sums: Map<string, string>;

beforeAll(async () => {
  world = await openWorld({
    scorers: [{ name: 'second', rate: 1 }],
    settings: { MAX_IN_FLIGHT_BYTES: String(IN_FLIGHT_BYTES), SCORER_CONCURRENCY: '64' },
  });
  service = await world.start();
  idleMiB = readMiB('VmRSS');
  await service.stop();
  sums = new Map();
  const text = randomText(2 * TRACE_BYTES);
  for (let n = 0; n < TRACES; n += PER_SEND) {
    await world.produce(Array.from({ length: PER_SEND }, (_, i) => largeTrace(n + i, text)));
  }
  // All are there at once: what is not limited is taken in.
  service = await world.start();
  await world.done(90_000);
  peakMiB = readMiB('VmHWM');
}, 180_000);

afterAll(() => world?.[Symbol.asyncDispose]());

/** NaN where the system does not tell. */
function readMiB(field: 'VmRSS' | 'VmHWM'): number {
  const file = `/proc/${service.pid}/status`;
  if (!existsSync(file)) return Number.NaN;
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

/**
 * Text that no compression makes small; each trace has another part of it. The few characters outside of
 * Latin-1 make it the most expensive kind: a byte in the record is two in a string.
 */
function randomText(length: number): string {
  const random = createRandom(1);
  const words = Array.from({ length: length / 5 }, (_, i) =>
    i % 100 === 0 ? '文' : Math.floor(random() * 36 ** 5).toString(36),
  );
  return words.join('').padEnd(length, '-');
}

/** Exactly 1,000,000 bytes. */
function largeTrace(n: number, text: string): WorldRecord {
  const id = 2_000_000_000 + n;
  const empty = Buffer.byteLength(makeTrace(id, { outputs: '' }));
  const outputs = cutToBytes(text.slice(n * 1_000), TRACE_BYTES - empty);
  const value = makeTrace(id, { outputs });
  sums.set(traceIdOf(id), createHash('md5').update(value).digest('hex'));
  return { key: traceIdOf(id), value };
}

/** The first so many bytes of the text in UTF-8; a character cut apart becomes as many hyphens. */
function cutToBytes(text: string, bytes: number): string {
  const utf8 = new Uint8Array(bytes);
  const { read, written } = new TextEncoder().encodeInto(text, utf8);
  return text.slice(0, read).padEnd(read + bytes - written, '-');
}

it('keeps what is in flight within its limit, and memory with it', ({ skip }) => {
  if (Number.isNaN(peakMiB)) skip('this system has no /proc that tells how much memory was used');
  process.stderr.write(
    `memory: ${idleMiB.toFixed(0)} MiB when idle, ${peakMiB.toFixed(0)} MiB at most, ${TRACES} traces of ${TRACE_BYTES} bytes\n`,
  );
  expect(peakMiB - idleMiB).toBeLessThanOrEqual(MAX_OVER_IDLE_MIB);
});

it('loses nothing of it', async () => {
  const rows = await world.sql<{ id: string; md5: string; bytes: number }>(
    'select trace_id as id, md5(body) as md5, octet_length(body) as bytes from assay.trace_records',
  );
  expect(new Set(rows.map(({ bytes }) => bytes))).toEqual(new Set([TRACE_BYTES]));
  expect(new Map(rows.map(({ id, md5 }) => [id, md5]))).toEqual(sums);
  expect(await world.check()).toMatchObject({ traces: TRACES, picks: TRACES, repeatedCalls: 0 });
});
