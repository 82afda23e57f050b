import { endOfString } from './json-string.ts';

/**
 * Whether JSON text nests arrays and objects in more than so many levels. Looks at the text alone, because parsing
 * millions of levels takes seconds; of text that is not JSON the answer means nothing.
 */
export function isNestedDeeper(json: string, levels: number): boolean {
  // Each level has two brackets: a text this short is not read at all.
  if (json.length <= 2 * levels) return false;
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(json, at) - 1;
        break;
      case SQUARE_OPEN:
      case CURLY_OPEN:
        depth += 1;
        if (depth > levels) return true;
        break;
      case SQUARE_CLOSE:
      case CURLY_CLOSE:
        depth -= 1;
        break;
    }
  }
  return false;
}

const QUOTE = 0x22;
const SQUARE_OPEN = 0x5b;
const SQUARE_CLOSE = 0x5d;
const CURLY_OPEN = 0x7b;
const CURLY_CLOSE = 0x7d;
