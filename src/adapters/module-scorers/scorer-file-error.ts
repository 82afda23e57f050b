/** Why a file of scorers cannot be used: the rest of a sentence that begins with the file's name. */
export class ScorerFileError extends Error {
  constructor(reason: string, options?: { readonly cause: unknown }) {
    super(reason, options);
    this.name = 'ScorerFileError';
  }
}
