import type { Output } from '../cli-context.ts';
import type { DemoProgress } from './run-demo.ts';

const BAR_WIDTH = 30;

/** Progress on one line of a terminal, written over and over; silent where there is none. */
export function createProgressLine({ isTerminal, write }: Output): {
  readonly show: (progress: DemoProgress) => void;
  readonly end: () => void;
} {
  let shown = '';
  return {
    show({ produced, done, published }) {
      if (!isTerminal) return;
      const filled = produced === 0 ? 0 : Math.round((done / produced) * BAR_WIDTH);
      const bar = '█'.repeat(filled).padEnd(BAR_WIDTH, '░');
      const text = `  ${bar} ${produced} sent, ${done} done, ${published} feedback`;
      if (text === shown) return;
      shown = text;
      void write(`\r${text}`);
    },
    end() {
      if (shown !== '') void write('\n');
    },
  };
}
