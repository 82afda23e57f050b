/** Finds a piece of a pattern from an index of a text on: the index after it, or -1. Time is linear in the text. */
export type FindPiece = (text: string, from: number) => number;

/** V8 searches in linear time up to 250 units; longer ones may take it seconds. */
const MAX_NATIVE_LENGTH = 200;

/** The first occurrence of a text, which is well-formed. */
export function findLiteral(literal: string): FindPiece {
  if (literal.length > MAX_NATIVE_LENGTH) return findLong(literal);
  return (text, from) => {
    const found = text.indexOf(literal, from);
    return found < 0 ? -1 : found + literal.length;
  };
}

/** Knuth, Morris and Pratt: no unit of the text is compared again after it has fitted. */
function findLong(literal: string): FindPiece {
  const borders = bordersOf(literal);
  return (text, from) => {
    let fitting = 0;
    for (let at = from; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      while (fitting > 0 && literal.charCodeAt(fitting) !== unit) {
        fitting = borders[fitting - 1] ?? 0;
      }
      if (literal.charCodeAt(fitting) === unit) fitting += 1;
      if (fitting === literal.length) return at + 1;
    }
    return -1;
  };
}

/** For each beginning of the text the length of the longest proper one of it that it also ends with. */
function bordersOf(literal: string): Uint16Array {
  const borders = new Uint16Array(literal.length);
  let border = 0;
  for (let at = 1; at < literal.length; at += 1) {
    const unit = literal.charCodeAt(at);
    while (border > 0 && literal.charCodeAt(border) !== unit) border = borders[border - 1] ?? 0;
    if (literal.charCodeAt(border) === unit) border += 1;
    borders[at] = border;
  }
  return borders;
}

/**
 * The first occurrence of characters of which `_` is any one. Keeps a bit for each beginning of the piece that the
 * text read so far ends with, and moves all of them at once with each character ("shift-and").
 */
export function findGapped(characters: readonly string[]): FindPiece {
  const words = Math.ceil(characters.length / 32);
  const { masks, anyMask } = masksOf(characters, words);
  const last = words - 1;
  const lastBit = 1 << ((characters.length - 1) % 32);
  return (text, from) => {
    const fitting = new Int32Array(words);
    for (let at = from; at < text.length; ) {
      const code = text.codePointAt(at) ?? 0;
      const mask = masks.get(code) ?? anyMask;
      let carry = 1;
      for (let word = 0; word < words; word += 1) {
        const bits = fitting[word] ?? 0;
        fitting[word] = ((bits << 1) | carry) & (mask[word] ?? 0);
        carry = bits >>> 31;
      }
      at += code > 0xffff ? 2 : 1;
      if (((fitting[last] ?? 0) & lastBit) !== 0) return at;
    }
    return -1;
  };
}

/** Where each character may stand; all that do not occur may stand where `_` does. */
function masksOf(characters: readonly string[], words: number) {
  const anyMask = new Int32Array(words);
  const setBit = (mask: Int32Array, index: number): void => {
    const word = Math.floor(index / 32);
    mask[word] = (mask[word] ?? 0) | (1 << (index % 32));
  };
  characters.forEach((character, index) => {
    if (character === '_') setBit(anyMask, index);
  });
  const masks = new Map<number, Int32Array>();
  characters.forEach((character, index) => {
    const code = character.codePointAt(0) ?? 0;
    const mask = masks.get(code) ?? anyMask.slice();
    setBit(mask, index);
    masks.set(code, mask);
  });
  return { masks, anyMask };
}
