import type { Assessment, Span, Trace } from '@assay/sdk';
import { decodeTrace } from '../core/decode/decode-trace.ts';
import { experimentOf } from '../core/experiment.ts';
import { traceName } from '../core/trace-name.ts';
import { cut, formatFields, formatTable } from './table.ts';

const MAX_PREVIEW = 300;

/** A trace for people, from its MLflow V3 JSON: the facts, the spans as a tree, the assessments. */
export function describeTrace(json: string, width: number): string {
  const decoded = decodeTrace(new TextEncoder().encode(json));
  if (!decoded.ok) return `${json}\n`;
  const { trace } = decoded;
  const parts = [describeFacts(trace), listSpans(trace.data.spans, width)];
  const { assessments } = trace.info;
  if (assessments.length > 0) parts.push(listAssessments(assessments, width));
  return parts.filter((part) => part !== '').join('\n');
}

function describeFacts(trace: Trace): string {
  const { info } = trace;
  return formatFields([
    ['trace', info.traceId],
    ['name', traceName(trace) ?? '-'],
    ['experiment', experimentOf(trace) ?? '-'],
    ['state', info.state],
    ['requested', toTime(info.requestTimeMs)],
    ['duration', info.executionDurationMs === null ? '-' : `${info.executionDurationMs} ms`],
    ['inputs', preview(trace.inputs)],
    ['outputs', preview(trace.outputs)],
  ]);
}

function listSpans(spans: readonly Span[], width: number): string {
  if (spans.length === 0) return '';
  const rows = inTreeOrder(spans).map(({ span, depth }) => [
    `${'  '.repeat(depth)}${span.name}`,
    span.spanType,
    span.status.code,
    span.durationMs === null ? '-' : span.durationMs.toFixed(1),
    span.status.message,
  ]);
  return formatTable(['SPAN', 'TYPE', 'STATUS', 'MS', 'MESSAGE'], rows, width);
}

function listAssessments(assessments: readonly Assessment[], width: number): string {
  const rows = assessments.map((assessment) => [
    assessment.name,
    assessment.kind,
    valueOf(assessment),
    `${assessment.source.type} ${assessment.source.id}`,
    assessment.rationale ?? '-',
  ]);
  return formatTable(['ASSESSMENT', 'KIND', 'VALUE', 'SOURCE', 'RATIONALE'], rows, width);
}

interface Placed {
  readonly span: Span;
  readonly depth: number;
}

/** Parents before their children; spans whose parent is missing, or that run in a circle, stand at the left. */
function inTreeOrder(spans: readonly Span[]): readonly Placed[] {
  const children = Map.groupBy(spans, ({ parentId }) => parentId);
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const seen = new Set<Span>();
  const placed: Placed[] = [];
  const place = (roots: readonly Span[]): void => {
    // A stack instead of recursion: chains of spans can be long.
    const open = roots.map((span) => ({ span, depth: 0 })).reverse();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { span, depth } = next;
      if (seen.has(span)) continue;
      seen.add(span);
      placed.push(next);
      const below = children.get(span.spanId) ?? [];
      open.push(...below.map((child) => ({ span: child, depth: depth + 1 })).reverse());
    }
  };
  place(spans.filter(({ parentId }) => parentId === null || !ids.has(parentId)));
  place(spans);
  return placed;
}

function valueOf(assessment: Assessment): string {
  if (assessment.kind === 'issue') return assessment.issueName;
  if (assessment.kind === 'feedback' && assessment.error !== null) {
    return cut(`error ${assessment.error.code}`, 40);
  }
  return cut(toText(assessment.value), 40);
}

function preview(value: unknown): string {
  return value === null ? '-' : cut(toText(value), MAX_PREVIEW);
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Clients may write any number of milliseconds. */
function toTime(epochMs: number): string {
  const time = new Date(epochMs);
  return Number.isNaN(time.getTime()) ? String(epochMs) : time.toISOString();
}
