import { Trace } from '@assay/sdk';
import { describe, expect, it } from 'vitest';
import { experimentOf } from '../../src/core/experiment.ts';
import { edgeLines, traceOf } from './decode/recorded-traces.ts';
import { v3Record, v3Span } from './decode/v3-record.ts';

const UC_SCHEMA = {
  type: 'UC_SCHEMA',
  uc_schema: { catalog_name: 'main', schema_name: 'genai' },
};

function rootWithExperiment(value: unknown) {
  return v3Span({ attributes: { 'mlflow.experimentId': value } });
}

describe('experimentOf', () => {
  it('is the experiment id of the location before all else', () => {
    const record = v3Record({ spans: [rootWithExperiment('"9"')] });
    expect(experimentOf(traceOf(record))).toBe('7');
  });

  it('is the experiment id of the root span where the location has none', () => {
    for (const value of ['"9"', '9', 9]) {
      const record = v3Record({
        info: { trace_location: UC_SCHEMA },
        spans: [rootWithExperiment(value)],
      });
      expect(experimentOf(traceOf(record))).toBe('9');
    }
    const record = v3Record({
      info: { trace_location: undefined },
      spans: [rootWithExperiment('"9"')],
    });
    expect(experimentOf(traceOf(record))).toBe('9');
  });

  it('is the full name of the location else', () => {
    const names = {
      'main.genai': UC_SCHEMA,
      'main.genai.shop': {
        type: 'UC_TABLE_PREFIX',
        uc_table_prefix: { catalog_name: 'main', schema_name: 'genai', table_prefix: 'shop' },
      },
      'main.genai.payload': {
        type: 'INFERENCE_TABLE',
        inference_table: { full_table_name: 'main.genai.payload' },
      },
    };
    for (const [name, trace_location] of Object.entries(names)) {
      expect(experimentOf(traceOf(v3Record({ info: { trace_location } })))).toBe(name);
    }
    const [unityCatalog = '', inferenceTable = ''] = edgeLines().slice(35);
    expect(experimentOf(traceOf(unityCatalog))).toBe('main.genai');
    expect(experimentOf(traceOf(inferenceTable))).toBe('main.genai.payload');
  });

  it('is undefined when nothing says it', () => {
    const { info, data } = traceOf(v3Record());
    const locations = [
      {},
      { type: 'TRACE_LOCATION_TYPE_UNSPECIFIED' },
      { type: 'UC_SCHEMA', uc_schema: { catalog_name: 'main' } },
    ];
    for (const traceLocation of locations) {
      expect(experimentOf(new Trace({ ...info, traceLocation }, data.spans))).toBeUndefined();
    }
  });
});
