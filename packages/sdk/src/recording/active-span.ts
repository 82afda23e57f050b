import type { OpenSpan, SpanOptions } from './open-span.ts';
import type { Recording } from './recording.ts';
import { createRunContext, type RunContext } from './run-context.ts';

/** A span that is open, for the code that runs in it. */
export interface ActiveSpan {
  /** MLflow's spelling: `tr-` and 32 hex digits. */
  readonly traceId: string;
  readonly spanId: string;
  /** Recorded as JSON, at once. */
  setInputs(inputs: unknown): void;
  /** In place of what the function returns. */
  setOutputs(outputs: unknown): void;
  setAttribute(key: string, value: unknown): void;
  /**
   * Runs `work` in a span below this one, and gives back what it returns. Works on every platform, as the
   * parent is named: `trace` needs to find it.
   */
  child<T>(options: SpanOptions, work: (span: ActiveSpan) => T): T;
}

interface Place {
  readonly recording: Recording;
  readonly span: OpenSpan;
}

let context: RunContext<Place> | undefined;

/** Made when it is first needed: to import a file does nothing. */
function currentPlace(): RunContext<Place> {
  context ??= createRunContext<Place>();
  return context;
}

/** The span that the caller runs in; undefined where nothing is recorded, or it cannot be told. */
export function activeSpan(): ActiveSpan | undefined {
  const place = currentPlace().get();
  return place && toActiveSpan(place);
}

/** Runs `work` in the root span of a recording. */
export function runInRoot<T>(
  recording: Recording,
  options: SpanOptions,
  work: (span: ActiveSpan) => T,
): T {
  const span = recording.start(options, null);
  return runIn({ recording, span }, work);
}

function toActiveSpan({ recording, span }: Place): ActiveSpan {
  return {
    traceId: `tr-${recording.otelTraceId}`,
    spanId: span.spanId,
    setInputs: (inputs) => span.setInputs(inputs),
    setOutputs: (outputs) => span.setOutputs(outputs),
    setAttribute: (key, value) => span.setAttribute(key, value),
    child: (options, work) => runIn({ recording, span: recording.start(options, span) }, work),
  };
}

/** The span ends when `work` has returned, or when the promise that it returned is settled. */
function runIn<T>(place: Place, work: (span: ActiveSpan) => T): T {
  const { span } = place;
  let returned: T;
  try {
    returned = currentPlace().run(place, () => work(toActiveSpan(place)));
  } catch (error) {
    span.fail(error);
    throw error;
  }
  if (returned instanceof Promise) {
    // Before anybody else can wait for it: the span ends before the caller goes on.
    returned.then(
      (value: unknown) => span.end(value),
      (error: unknown) => span.fail(error),
    );
  } else {
    span.end(returned);
  }
  return returned;
}
