/** Any value that JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A JSON object as it came off the wire: keys unknown, values unchecked. */
export type JsonObject = Readonly<Record<string, unknown>>;
