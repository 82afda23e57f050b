import type { Assessment } from '../assessment.ts';
import type { GivenRow } from './evaluation-data.ts';
import { newOtelTraceId } from '../recording/ids.ts';
import { toJsonText } from '../recording/json-text.ts';
import { OpenSpan } from '../recording/open-span.ts';
import { toRecordedTrace, toTextMap } from '../recording/recorded-trace.ts';
import type { Json } from '../json.ts';
import { Trace } from '../trace.ts';

/**
 * The trace of a row that came without one: a root span of type CHAIN with inputs and outputs, as JSON, so
 * that a scorer sees what it would see in production. It has no duration, since nothing was timed.
 */
export function makeRowTrace({ inputs, outputs }: GivenRow, nowMs: number): Trace {
  const otelTraceId = newOtelTraceId();
  const at = BigInt(nowMs) * 1_000_000n;
  const root = new OpenSpan({
    name: 'row',
    spanType: 'CHAIN',
    otelTraceId,
    parentId: null,
    now: () => at,
  });
  root.setInputs(inputs);
  root.end(outputs);
  return toRecordedTrace({
    otelTraceId,
    name: 'row',
    spans: [root.toSpan()],
    state: 'OK',
    requestTimeMs: nowMs,
    executionDurationMs: null,
  });
}

/** The same trace with the expectations and tags of the row, so that it can be used again without the row. */
export function withRowFields(
  trace: Trace,
  { expectations, tags }: Pick<GivenRow, 'expectations' | 'tags'>,
): Trace {
  if (expectations === undefined && tags === undefined) return trace;
  const { info } = trace;
  const assessments =
    expectations === undefined
      ? info.assessments
      : [...info.assessments.map(withoutForce), ...Object.entries(expectations).map(toExpectation)];
  return new Trace(
    { ...info, tags: toTextMap({ ...info.tags, ...tags }), assessments },
    trace.data.spans,
  );
}

/** An expectation that others replace. */
function withoutForce(assessment: Assessment): Assessment {
  return assessment.kind === 'expectation' ? { ...assessment, valid: false } : assessment;
}

function toExpectation([name, value]: readonly [string, unknown]): Assessment {
  return {
    kind: 'expectation',
    value: JSON.parse(toJsonText(value)) as Json,
    assessmentId: null,
    name,
    spanId: null,
    source: { type: 'HUMAN', id: 'default' },
    createTimeMs: null,
    lastUpdateTimeMs: null,
    rationale: null,
    metadata: {},
    overrides: null,
    valid: true,
  };
}
