import type { Span, Trace } from '@assay/sdk';

/** A call of a tool that a trace recorded. */
export interface ToolCall {
  readonly name: string;
  /**
   * What the call was given, as it may be read: some clients put the arguments into an object of
   * their own (`kwargs`, `call.args`), and then both readings are here. null without inputs.
   */
  readonly argumentReadings: readonly unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * The tool calls of a trace by start time: its spans of type TOOL. The name is `inputs.call.tool_name`
 * where the client wrote it, else the name of the span.
 */
export function toolCallsOf({ data: { spans } }: Trace): readonly ToolCall[] {
  return spans
    .filter((span) => span.spanType === 'TOOL')
    .toSorted((a, b) => byTime(a.startTimeUnixNano, b.startTimeUnixNano))
    .map(toToolCall);
}

function byTime(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}

function toToolCall(span: Span): ToolCall {
  const { inputs } = span;
  if (!isObject(inputs)) return { name: span.name, argumentReadings: [inputs] };
  const { call } = inputs;
  if (isObject(call) && typeof call.tool_name === 'string') {
    return { name: call.tool_name, argumentReadings: [inputs, parsed(call.args)] };
  }
  return { name: span.name, argumentReadings: [inputs, ...keywordArguments(inputs)] };
}

/** The arguments of a Python function that takes any: `{ "kwargs": { … } }`, perhaps with `args`. */
function keywordArguments(inputs: Fields): readonly Fields[] {
  const { kwargs } = inputs;
  const wrapped = Object.keys(inputs).every((key) => key === 'kwargs' || key === 'args');
  return wrapped && isObject(kwargs) ? [kwargs] : [];
}

/** Models write arguments as JSON text. */
function parsed(args: unknown): unknown {
  if (typeof args !== 'string') return args ?? null;
  try {
    return JSON.parse(args);
  } catch {
    return args;
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
