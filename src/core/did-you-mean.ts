/** ` (did you mean 'contains'?)` for the nearest of the known names, or nothing when even that one is far. */
export function didYouMean(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? '' : ` (did you mean '${nearest}'?)`;
}

/** The known name with the fewest edits; undefined when that takes more than a third of its length. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (edits > candidate.length / 3) continue;
    if (nearest === undefined || edits < nearest.edits) nearest = { candidate, edits };
  }
  return nearest?.candidate;
}

const MAX_LENGTH = 200;

/** Levenshtein distance, row by row. Endless for names longer than any that is known. */
function editDistance(a: string, b: string): number {
  if (a.length > MAX_LENGTH) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
