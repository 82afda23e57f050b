import { isSampled } from '../sample.ts';

const FEWEST_DIGITS = 4;
const MOST_DIGITS = 17;

/** `position 0.8421 is not below the rate 0.2`, with as many digits as it takes for the words to be true. */
export function describeSample(position: number, rate: number): string {
  const isBelow = isSampled(position, rate);
  return `position ${roundPosition(position, rate)} is ${isBelow ? '' : 'not '}below the rate ${rate}`;
}

function roundPosition(position: number, rate: number): string {
  for (let digits = FEWEST_DIGITS; digits < MOST_DIGITS; digits++) {
    const rounded = position.toFixed(digits);
    if (isSampled(Number(rounded), rate) === isSampled(position, rate)) return rounded;
  }
  return String(position);
}
