import { findGapped, findLiteral } from './find-piece.ts';

/**
 * Whether a whole text fits a LIKE pattern: `%` is any run of characters, `_` is one, everything else, also a
 * backslash, is itself. A character is a Unicode code point.
 *
 * The pieces between the `%` are looked for one after the other, each as near to the beginning as it can be: where
 * one is found later, no other is found that was not found so. Time is linear in the text, times one word a
 * 32 characters of the longest piece that has a `_` among its letters.
 */
export function compileLike(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = pattern.split(/%+/);
  const start = Array.from(first);
  if (others.length === 0) return (text) => fit(text, 0, start) === text.length;
  const end = Array.from(others.pop() ?? '');
  const middle = others.map(toPiece);
  return (text) => {
    let at = fit(text, 0, start);
    for (const piece of middle) {
      if (at < 0) return false;
      at = endOfPiece(text, at, piece);
    }
    if (at < 0) return false;
    const endAt = back(text, end.length);
    return endAt >= at && fit(text, endAt, end) >= 0;
  };
}

/** Characters of the longest piece that is looked for and has a `_` among its letters; 0 where none has. */
export function longestGapped(pattern: string): number {
  const lengths = pattern
    .split(/%+/)
    .slice(1, -1)
    .map((piece) => toPiece(piece).letters)
    .filter((letters) => letters.includes('_'))
    .map((letters) => Array.from(letters).length);
  return Math.max(0, ...lengths);
}

/** What stands between two `%`. */
interface Piece {
  /** So many characters before the letters. */
  readonly before: number;
  /** From the first that is no `_` to the last. */
  readonly letters: string;
  readonly after: number;
  /** The index after the letters, found from an index on; -1 where they are not there. */
  readonly find: (text: string, from: number) => number;
}

function toPiece(piece: string): Piece {
  const letters = piece.replace(/^_+/, '').replace(/_+$/, '');
  const before = letters === '' ? piece.length : piece.indexOf(letters);
  const after = piece.length - before - letters.length;
  // Half a surrogate pair is no character, and must not be found inside of one.
  const isLiteral = !letters.includes('_') && letters.isWellFormed();
  const find = isLiteral ? findLiteral(letters) : findGapped(Array.from(letters));
  return { before, letters, after, find };
}

function endOfPiece(text: string, from: number, { before, find, after }: Piece): number {
  const at = skip(text, from, before);
  if (at < 0) return -1;
  const end = find(text, at);
  return end < 0 ? -1 : skip(text, end, after);
}

/** The index after the characters, which have to stand here; -1 where they do not. */
function fit(text: string, from: number, characters: readonly string[]): number {
  let at = from;
  for (const character of characters) {
    if (at >= text.length) return -1;
    const code = text.codePointAt(at) ?? 0;
    if (character !== '_' && code !== character.codePointAt(0)) return -1;
    at += code > 0xffff ? 2 : 1;
  }
  return at;
}

/** The index so many characters on; -1 where there are fewer. */
function skip(text: string, from: number, count: number): number {
  let at = from;
  for (let skipped = 0; skipped < count; skipped += 1) {
    if (at >= text.length) return -1;
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

/** The index so many characters before the end; -1 where there are fewer. */
function back(text: string, count: number): number {
  let at = text.length;
  for (let passed = 0; passed < count; passed += 1) {
    if (at <= 0) return -1;
    at -= at >= 2 && (text.codePointAt(at - 2) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}
