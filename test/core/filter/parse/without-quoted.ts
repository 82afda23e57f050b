import { lexFilter } from '../../../../src/core/filter/parse/lex-filter.ts';

/** A filter without what stands in quotes, so that keywords and brackets in it are its own. */
export function withoutQuoted(text: string): string {
  return lexFilter(text)
    .map((token) => {
      if (token.kind !== 'path') return text.slice(token.start, token.end);
      return token.parts.map((part) => (part.quote === null ? part.text : '')).join('.');
    })
    .join(' ');
}
