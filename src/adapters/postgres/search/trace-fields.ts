import { isFaithful, textParameter } from './faithful.ts';
import { raw, type Sql, sql } from './sql.ts';
import type { TextColumn } from './text-bounds.ts';

/** The fields of a trace in SQL, over `assay.trace_records as trace`. */

/** Fields that a column holds; the body alone holds `client_request_id`. */
export type ColumnField =
  | { readonly name: 'status' | 'name' | 'request_id' | 'run_id' }
  | { readonly name: 'tags' | 'metadata'; readonly key: string };

export function textColumn(field: ColumnField): TextColumn {
  switch (field.name) {
    case 'status':
      return { value: STATE, isExact: true };
    case 'name':
      return { value: FILTER_NAME, isExact: true };
    case 'request_id':
      return { value: TRACE_ID, isExact: true };
    case 'run_id':
      return mapColumn('metadata', 'mlflow.sourceRun');
    case 'tags':
    case 'metadata':
      return mapColumn(field.name, field.key);
  }
}

function mapColumn(name: 'tags' | 'metadata', key: string): TextColumn {
  return {
    value: sql`(${raw(`trace.${name}`)} ->> ${textParameter(key)})`,
    isExact: isFaithful(key),
  };
}

const STATE: Sql = raw('trace.state');
const TRACE_ID: Sql = raw('trace.trace_id');

/** As core/filter/facts.ts: the column `name` holds the root span's name where the tag is missing or empty. */
const FILTER_NAME: Sql = raw(`(case
  when trace.tags ? 'mlflow.traceName' then trace.tags ->> 'mlflow.traceName'
  when not trace.tags ? 'mlflow.trace.spansLocation' then trace.name
end)`);
