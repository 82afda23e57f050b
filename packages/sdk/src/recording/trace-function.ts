import { activeSpan, type ActiveSpan } from './active-span.ts';
import type { SpanOptions } from './open-span.ts';

/** The name may be left out: then it is the function's. */
export type TraceOptions = Partial<SpanOptions>;

const TRACED = Symbol.for('assay.traced');

/** A function whose calls are recorded as spans. */
export interface TracedFunction<This, Args extends unknown[], Return> {
  (this: This, ...args: Args): Return;
  readonly [TRACED]: Traced<This, Args, Return>;
}

interface Traced<This, Args extends unknown[], Return> {
  readonly span: SpanOptions;
  /** The function itself, which records nothing. */
  readonly call: Call<This, Args, Return>;
}

type Call<This, Args extends unknown[], Return> = (this: This, ...args: Args) => Return;

/**
 * Makes a function whose calls are recorded as spans, with inputs, outputs, error and times, where a trace is
 * being recorded: in the `predict` of `evaluate`, and in `recordTrace`. Elsewhere it is just the function.
 *
 *     const search = trace({ name: 'search', spanType: 'RETRIEVER' }, async (query: string) => …);
 *     const answer = trace(async function answer(question: string) { … await search(question) … });
 *
 * A call inside another traced call becomes its child. One argument is recorded as it is, several as a list.
 * Where the runtime has no way to follow asynchronous code, only calls before the first `await` are recorded;
 * there `ActiveSpan.child` names the parent.
 */
export function trace<This, Args extends unknown[], Return>(
  call: Call<This, Args, Return>,
): TracedFunction<This, Args, Return>;
export function trace<This, Args extends unknown[], Return>(
  options: TraceOptions,
  call: Call<This, Args, Return>,
): TracedFunction<This, Args, Return>;
export function trace<This, Args extends unknown[], Return>(
  ...given:
    | readonly [call: Call<This, Args, Return>]
    | readonly [options: TraceOptions, call: Call<This, Args, Return>]
): TracedFunction<This, Args, Return> {
  const [options, call] = given.length === 1 ? [{}, given[0]] : given;
  if (typeof call !== 'function') throw new TypeError('trace needs a function');
  const span = Object.freeze({ ...options, name: options.name ?? (call.name || 'function') });
  const traced = function (this: This, ...args: Args): Return {
    const parent = activeSpan();
    if (parent === undefined) return call.apply(this, args);
    return parent.child(span, (own) => callIn(own, args, () => call.apply(this, args)));
  };
  Object.defineProperty(traced, 'name', { value: call.name });
  return Object.assign(traced, { [TRACED]: Object.freeze({ span, call }) });
}

/** What `trace` made the function of; undefined for functions that are not traced. */
export function tracedBy<Args extends unknown[], Return>(
  call: (...args: Args) => Return,
): Traced<void, Args, Return> | undefined {
  // Only `trace` sets it, and to what the function itself is.
  return TRACED in call ? (call[TRACED] as Traced<void, Args, Return>) : undefined;
}

function callIn<T>(span: ActiveSpan, args: readonly unknown[], call: () => T): T {
  span.setInputs(args.length > 1 ? args : args[0]);
  return call();
}
