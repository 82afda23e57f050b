import { z } from 'zod';

/** Field types that several built-ins share. Each has one message that says what is expected. */

const MAX_TEXT = 10_000;
const MAX_TEXTS = 100;

/** Some text, at most 10,000 characters. */
export function someText() {
  const error = `expected some text, at most ${MAX_TEXT} characters`;
  return z.string({ error }).min(1, { error }).max(MAX_TEXT, { error });
}

/** A list of 1 to 100 texts. */
export function someTexts() {
  const error = `expected a list of 1 to ${MAX_TEXTS} texts`;
  return z.array(someText(), { error }).min(1, { error }).max(MAX_TEXTS, { error });
}

export function trueOrFalse() {
  return z.boolean({ error: 'expected true or false' });
}

/** Any JSON value but null. */
export function anyValue() {
  const error = 'expected a JSON value other than null';
  return z.json({ error }).refine((value) => value !== null, { error });
}

/** A number above 0. */
export function positiveNumber() {
  const error = 'expected a number above 0';
  return z.number({ error }).positive({ error });
}

/** A whole number from 0 on. */
export function wholeNumber() {
  const error = 'expected a whole number, 0 or more';
  return z.int({ error }).min(0, { error });
}

/** One of some words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected one of ${words.join(', ')}` });
}
