import { describe, expect, it } from 'vitest';
import { AssayError } from '../../src/core/errors.ts';
import { createHealthBoard } from '../../src/engine/dependency-health.ts';
import { FakeClock } from '../fake-clock.ts';
import { createRecordingObserver } from './fakes/recording-observer.ts';

function openBoard() {
  const clock = new FakeClock();
  const observer = createRecordingObserver();
  const board = createHealthBoard({ clock, observer });
  const startedMs = clock.now();
  return { clock, observer, board, startedMs, postgres: () => board.state()[1] };
}

function failure(detail: string, forMs?: number) {
  const error = new AssayError('DATABASE_UNAVAILABLE', detail, { retryable: true });
  return { error, retryInMs: 100, ...(forMs === undefined ? {} : { forMs }) };
}

describe('the health of a dependency', () => {
  it('is down since the first failure, with the words of the newest', () => {
    const { clock, board, startedMs, postgres } = openBoard();
    const [first, second] = [{}, {}];
    clock.advance(1_000);
    board.down('postgres', first, failure('the disk is full'));
    clock.advance(1_000);
    board.down('postgres', second, failure('it does not answer'));
    expect(postgres()).toEqual({
      name: 'postgres',
      ready: false,
      sinceMs: startedMs + 1_000,
      detail: 'it does not answer',
    });
    board.up('postgres', second);
    expect(postgres()).toMatchObject({ ready: false, detail: 'the disk is full' });
  });

  it('stays down while a single caller still fails, however often others succeed', () => {
    const { clock, observer, board, startedMs, postgres } = openBoard();
    const [writer, reader] = [{}, {}];
    board.down('postgres', writer, failure('the disk is full'));
    for (let i = 0; i < 3; i++) {
      clock.advance(500);
      board.up('postgres', reader);
    }
    expect(postgres()).toMatchObject({ ready: false, sinceMs: startedMs });
    expect(observer.of('dependency_up')).toEqual([]);
    board.up('postgres', writer);
    expect(postgres()).toMatchObject({ ready: true, sinceMs: startedMs + 1_500, detail: null });
    expect(observer.of('dependency_up')).toMatchObject([{ downForMs: 1_500 }]);
  });

  it('counts from the silence that came before the failure', () => {
    const { clock, board, startedMs, postgres } = openBoard();
    clock.advance(10_000);
    board.down('postgres', {}, failure('it has not answered for 3 seconds', 3_000));
    expect(postgres()).toMatchObject({ ready: false, sinceMs: startedMs + 7_000 });
  });

  it('is unknown when the last caller gives up, and told by the next success of anybody', () => {
    const { observer, board, postgres } = openBoard();
    const caller = {};
    board.down('postgres', caller, failure('it does not answer'));
    board.leave('postgres', caller);
    expect(postgres()).toMatchObject({ ready: false, detail: 'it does not answer' });
    expect(observer.of('dependency_up')).toEqual([]);
    board.up('postgres', {});
    expect(postgres()).toMatchObject({ ready: true, detail: null });
  });

  it('is that of each dependency alone', () => {
    const { board } = openBoard();
    board.down('postgres', {}, failure('it does not answer'));
    expect(board.state().map(({ name, ready }) => [name, ready])).toEqual([
      ['kafka', true],
      ['postgres', false],
    ]);
  });
});
