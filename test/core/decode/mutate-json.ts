import fc from 'fast-check';

/** Stands for what a user wrote: it must never show up in a complaint. */
export const SECRET = 'S3CRET';

export type Mutation =
  | { readonly kind: 'delete'; readonly node: number }
  | { readonly kind: 'retype'; readonly node: number; readonly value: unknown }
  | { readonly kind: 'duplicate'; readonly node: number };

const replacement = fc.constantFrom<unknown>(
  null,
  '',
  SECRET,
  `${SECRET}\n\u0000\ud83d`,
  0,
  -1,
  0.5,
  1e300,
  true,
  [],
  [SECRET],
  {},
  { [SECRET]: SECRET },
  [[[[null]]]],
);

export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), node: fc.nat() }),
  fc.record({ kind: fc.constant('retype' as const), node: fc.nat(), value: replacement }),
  fc.record({ kind: fc.constant('duplicate' as const), node: fc.nat() }),
);

/** Changes one node of a JSON document in place; the number of the node is taken modulo their count. */
export function mutate(document: unknown, change: Mutation): void {
  const nodes = [...slotsOf(document)];
  const slot = nodes[change.node % nodes.length];
  if (slot === undefined) return;
  const { parent, key } = slot;
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (change.kind === 'delete') parent.splice(index, 1);
    else if (change.kind === 'duplicate') parent.splice(index, 0, structuredClone(parent[index]));
    else parent[index] = structuredClone(change.value);
    return;
  }
  if (change.kind === 'delete') delete parent[key];
  else if (change.kind === 'duplicate') parent[`${key}_again`] = structuredClone(parent[key]);
  else parent[key] = structuredClone(change.value);
}

interface Slot {
  readonly parent: Record<string, unknown> | unknown[];
  readonly key: string;
}

function* slotsOf(value: unknown): Generator<Slot> {
  if (typeof value !== 'object' || value === null) return;
  const parent = value as Record<string, unknown>;
  for (const [key, child] of Object.entries(parent)) {
    yield { parent, key };
    yield* slotsOf(child);
  }
}
