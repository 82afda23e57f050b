import { decodeAttribute, type Span, type Trace } from '@assay/sdk';

/** Tokens of a trace; null where nothing says. */
export interface TokenUsage {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly totalTokens: number | null;
}

/**
 * Tokens of a trace: what its client summed up (metadata `mlflow.trace.tokenUsage`), else the sum over
 * spans (attribute `mlflow.chat.tokenUsage`) without those below a span that carries usage itself, so
 * that a parent's total is not counted twice. undefined when neither is there.
 */
export function tokenUsageOf(trace: Trace): TokenUsage | undefined {
  return toUsage(decodeAttribute(trace.info.traceMetadata[OF_TRACE])) ?? sumOverSpans(trace);
}

const OF_TRACE = 'mlflow.trace.tokenUsage';
const OF_SPAN = 'mlflow.chat.tokenUsage';

function sumOverSpans({ data: { spans } }: Trace): TokenUsage | undefined {
  const usages = new Map<Span, TokenUsage>();
  for (const span of spans) {
    const usage = toUsage(span.attribute(OF_SPAN));
    if (usage !== undefined) usages.set(span, usage);
  }
  if (usages.size === 0) return undefined;
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const counted = [...usages].filter(([span]) => !hasAncestor(span, byId, usages));
  // Spans that are each other's parent would all be left out.
  if (counted.length === 0) return undefined;
  return counted.map(([, usage]) => usage).reduce(add);
}

function hasAncestor(
  span: Span,
  byId: ReadonlyMap<string, Span>,
  among: ReadonlyMap<Span, unknown>,
): boolean {
  const seen = new Set<Span>([span]);
  let parent = parentOf(span, byId);
  while (parent !== undefined && !seen.has(parent)) {
    if (among.has(parent)) return true;
    seen.add(parent);
    parent = parentOf(parent, byId);
  }
  return false;
}

function parentOf({ parentId }: Span, byId: ReadonlyMap<string, Span>): Span | undefined {
  return parentId === null ? undefined : byId.get(parentId);
}

function add(a: TokenUsage, b: TokenUsage): TokenUsage {
  return {
    inputTokens: sum(a.inputTokens, b.inputTokens),
    outputTokens: sum(a.outputTokens, b.outputTokens),
    totalTokens: sum(a.totalTokens, b.totalTokens),
  };
}

function sum(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

/** undefined when the value holds none of the three figures. A missing total is input plus output. */
function toUsage(value: unknown): TokenUsage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>; // each field is checked below
  const inputTokens = toCount(fields.input_tokens);
  const outputTokens = toCount(fields.output_tokens);
  const both = inputTokens === null || outputTokens === null ? null : inputTokens + outputTokens;
  const totalTokens = toCount(fields.total_tokens) ?? both;
  if (inputTokens === null && outputTokens === null && totalTokens === null) return undefined;
  return { inputTokens, outputTokens, totalTokens };
}

/** Protobuf JSON writes integers as text. */
function toCount(value: unknown): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isFinite(count) && count >= 0 ? count : null;
}
