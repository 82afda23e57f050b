import { RE2JS, RE2JSException } from 're2js';

export type CompiledPattern =
  | {
      readonly ok: true;
      /** The first match in a text, in time linear in its length. */
      readonly search: (text: string) => string | undefined;
    }
  | { readonly ok: false; readonly problem: string };

const FLAG_BITS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  s: RE2JS.DOTALL,
  m: RE2JS.MULTILINE,
};

/**
 * Compiles a pattern of RE2 syntax. JavaScript's own engine is not used: it can take exponential time,
 * and one such pattern would hold up every trace.
 */
export function compilePattern(pattern: string, flags: string): CompiledPattern {
  const bits = flags.split('').reduce((sum, flag) => sum | (FLAG_BITS[flag] ?? 0), 0);
  try {
    const compiled = RE2JS.compile(pattern, bits);
    return {
      ok: true,
      search(text) {
        // Most texts do not match, and this test is several times as fast as the search for the place.
        if (!compiled.test(text)) return undefined;
        const matcher = compiled.matcher(text);
        return matcher.find() ? (matcher.group() ?? '') : '';
      },
    };
  } catch (error) {
    if (error instanceof RE2JSException) return { ok: false, problem: describe(error) };
    throw error;
  }
}

function describe({ message }: RE2JSException): string {
  const reason = message.replace(/^error parsing regexp: /, '');
  return `expected a pattern of RE2 syntax (no look-around, no back references): ${reason}`;
}
