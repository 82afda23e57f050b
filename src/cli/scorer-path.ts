/** Where the API has a scorer. */
export function scorerPath(experimentPath: string, name: string): string {
  return `${experimentPath}/scorers/${encodeURIComponent(name)}`;
}
