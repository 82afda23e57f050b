import { type Bound, type Sql, sql } from './sql.ts';

export interface BytesLimit {
  readonly orderBy: Sql;
  readonly maxBytes: number;
}

/** What `upToBytes` adds to a record. */
export interface SizedRow {
  /** Whether the texts of the records up to this one have reached the limit, so that others may have been left out. */
  readonly fills_page: boolean;
}

/**
 * The first of some records, until their texts come to `maxBytes` together; at least one. Postgres knows how long a
 * text is without reading it.
 */
export function upToBytes(records: Sql, { orderBy, maxBytes }: BytesLimit): Sql {
  const most: Bound = { value: maxBytes, type: 'bigint' };
  return sql`select trace.*, trace.page_bytes >= ${most} as fills_page
    from (
      select trace.*,
        sum(octet_length(trace.body)) over (order by ${orderBy} rows unbounded preceding) as page_bytes
      from (${records}) as trace
    ) as trace
    where trace.page_bytes - octet_length(trace.body) < ${most}`;
}
