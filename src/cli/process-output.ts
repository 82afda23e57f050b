import type { Output } from './cli-context.ts';

/** A standard stream of the process. `onClosed` is called when nobody reads it any more; from then on text is thrown away. */
export function createProcessOutput(stream: NodeJS.WriteStream, onClosed: () => void): Output {
  let closed = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    closed = true;
    if (error.code === 'EPIPE') onClosed();
  });
  return {
    // Undefined, whatever the types say, where there is no terminal.
    isTerminal: Boolean(stream.isTTY),
    get columns() {
      return stream.isTTY ? stream.columns : Number.POSITIVE_INFINITY;
    },
    write(text) {
      if (closed || text === '') return Promise.resolve();
      return new Promise((resolve) => {
        stream.write(text, () => resolve());
      });
    },
  };
}
