/** Where a value comes from; `name` is the flag, the variable or the file. */
export interface Origin {
  readonly kind: 'flag' | 'environment' | 'file' | 'default';
  readonly name: string;
}
