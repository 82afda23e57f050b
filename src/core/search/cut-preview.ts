/** As many characters as MLflow gives a preview. */
const MAX_LENGTH = 1_000;
const ELLIPSIS = '...';
const HALF_CHARACTER_AT_END = /[\ud800-\udbff]$/;

/** A preview of inputs or outputs as lists show it, cut as MLflow cuts it. */
export function cutPreview(preview: string | null): string | null {
  if (preview === null || preview.length <= MAX_LENGTH) return preview;
  const kept = preview.slice(0, MAX_LENGTH - ELLIPSIS.length).replace(HALF_CHARACTER_AT_END, '');
  return `${kept}${ELLIPSIS}`;
}
