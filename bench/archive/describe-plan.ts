/** A node of EXPLAIN (FORMAT JSON). */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Subplan Name'?: string;
  readonly 'Parent Relationship'?: string;
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly PlanNode[];
}

/** The plan as one line a node; nodes alike, such as one for each day, are one line with their number. */
export function describePlan(plan: PlanNode): string {
  return linesOf(plan, 0).join('\n');
}

function linesOf(node: PlanNode, depth: number): readonly string[] {
  const groups = new Map<string, { count: number; readonly lines: readonly string[] }>();
  for (const child of node.Plans ?? []) {
    const lines = linesOf(child, depth + 1);
    const name = lines.join('\n');
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { count: 1, lines });
    else group.count++;
  }
  const children = [...groups.values()].flatMap(({ count, lines: [first = '', ...rest] }) => [
    count === 1 ? first : `${first} (${count} times)`,
    ...rest,
  ]);
  return [`${'  '.repeat(depth)}${nameOf(node)}`, ...children];
}

/** Tables and indexes of days without their day. */
function nameOf(node: PlanNode): string {
  const index = node['Index Name']?.replace(/_\d{8}_|_unknown_/, '_<day>_').replace(/\d+$/, '');
  const table = node['Relation Name']?.replace(/_\d{8}$|_unknown$/, '_<day>');
  const subplan = node['Subplan Name'] === undefined ? '' : `${node['Subplan Name']}: `;
  return `${subplan}${node['Node Type']}${index === undefined ? '' : ` using ${index}`}${table === undefined ? '' : ` on ${table}`}`;
}

/** Tables that are read from one end to the other; those of days that were not reached do not count. */
export function fullScans(node: PlanNode): readonly string[] {
  const isScan = node['Node Type'] === 'Seq Scan' && (node['Actual Loops'] ?? 1) > 0;
  const own = isScan ? [node['Relation Name'] ?? ''] : [];
  return [...own, ...(node.Plans ?? []).flatMap(fullScans)];
}
