import type { JsonObject, SpanEvent } from '@assay/sdk';
import { attributes } from './attributes.ts';
import { isObject, optionalList, optionalString, pathTo } from './fields.ts';
import { unexpected } from './malformed.ts';
import { optionalNanoseconds } from './times.ts';

export interface EventSource {
  /** The span. */
  readonly span: JsonObject;
  /** The same span with exact times. */
  readonly exact: JsonObject;
  readonly path: string;
  /** What the time of an event is called. */
  readonly timeKey: string;
}

/** What most spans have: shared, and frozen already. */
const NO_EVENTS: readonly SpanEvent[] = Object.freeze([]);

export function spanEvents({ span, exact, path, timeKey }: EventSource): readonly SpanEvent[] {
  const events = optionalList(span, 'events', path);
  if (events.length === 0) return NO_EVENTS;
  const exactEvents = optionalList(exact, 'events', path);
  return events.map((event, index) => {
    const at = `${pathTo(path, 'events')}[${index}]`;
    const exactEvent = exactEvents[index];
    if (!isObject(event) || !isObject(exactEvent)) throw unexpected(at, 'an object', event);
    return {
      name: optionalString(event, 'name', at) ?? '',
      timeUnixNano: optionalNanoseconds(exactEvent, timeKey, at) ?? 0n,
      attributes: attributes(event, at).values,
    };
  });
}
