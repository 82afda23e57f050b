import type { EngineEvent, Observer } from '../../../src/ports/observer.ts';

type EventOf<Kind extends EngineEvent['kind']> = Extract<EngineEvent, { readonly kind: Kind }>;

/** Keeps every event. */
export interface RecordingObserver extends Observer {
  readonly events: readonly EngineEvent[];
  of<Kind extends EngineEvent['kind']>(kind: Kind): readonly EventOf<Kind>[];
}

export function createRecordingObserver(): RecordingObserver {
  const events: EngineEvent[] = [];
  return {
    events,
    report: (event) => void events.push(event),
    of: <Kind extends EngineEvent['kind']>(kind: Kind) =>
      events.filter((event): event is EventOf<Kind> => event.kind === kind),
  };
}
