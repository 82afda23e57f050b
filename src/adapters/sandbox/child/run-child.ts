import { writeSync } from 'node:fs';
import { FrameReader, encodeFrame } from './frames.ts';
import { Lanes } from './lanes.ts';
import { loadIsolatedVm } from './load-isolated-vm.ts';
import { ALIVE_MS, type FromChild, type LimitCode, type ToChild } from './protocol.ts';

/**
 * The sandbox's process. Frames come in by standard input and go out by standard output; it ends when its
 * input does, which is at the latest when the service ends. Isolates run on threads of their own, so this
 * loop stays free to notice that.
 */
const MAX_FRAME_BYTES = 256 * 1024 * 1024;
const STANDARD_OUTPUT = 1;

const ivm = loadIsolatedVm(process.argv[2] ?? '');
const reader = new FrameReader(MAX_FRAME_BYTES);
let lanes: Lanes | undefined;

process.stdin.on('data', (chunk: Buffer) => {
  // The service is the only writer and keeps to the protocol.
  for (const { head, body } of reader.read(chunk)) handle(head as ToChild, body);
});
process.stdin.on('end', endNow);
process.stdin.on('error', endNow);

setInterval(() => {
  if (lanes?.busy === true) send({ kind: 'alive', rssBytes: process.memoryUsage.rss() });
}, ALIVE_MS);

function handle(message: ToChild, body: string): void {
  switch (message.kind) {
    case 'start':
      lanes = new Lanes({ ivm, ...message, send, fail });
      send({ kind: 'ready' });
      return;
    case 'scorer':
      lanes?.load(message.scorer);
      return;
    case 'calls':
      for (const [id, key] of message.calls) lanes?.call(id, key, body);
  }
}

function send(message: FromChild): void {
  const frame = encodeFrame(message);
  let written = 0;
  while (written < frame.length) written += writeSync(STANDARD_OUTPUT, frame, written);
}

/** A thread that cannot be stopped does not let the process exit either. */
function fail(code: LimitCode, message: string): void {
  send({ kind: 'fatal', code, message });
  endNow();
}

function endNow(): void {
  process.kill(process.pid, 'SIGKILL');
}
