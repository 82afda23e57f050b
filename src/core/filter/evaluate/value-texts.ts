import type { Json } from '@assay/sdk';
import { pythonJsonText } from './json-text.ts';

/**
 * The texts that a JSON value, of an assessment or a span attribute, is compared by; one of them has to fit.
 *
 *   'good'  ─► good · "good"     a string is itself and, as in MLflow, its JSON text
 *   5       ─► 5 · 5.0           JavaScript cannot tell MLflow's integers from its floats
 *   true, null, [5, 6], {…}  ─►  the JSON text, as Python writes it
 */
export function valueTexts(value: Json): readonly string[] {
  if (typeof value === 'string') return [value, pythonJsonText(value)];
  if (typeof value === 'number') return numberTexts(value);
  if (typeof value === 'boolean') return value ? TRUE : FALSE;
  return [pythonJsonText(value)];
}

const TRUE: readonly string[] = ['true'];
const FALSE: readonly string[] = ['false'];

function numberTexts(value: number): readonly string[] {
  const text = String(value);
  const pythonText = pythonFloatText(value);
  return text === pythonText ? [text] : [text, pythonText];
}

/** `5.0`, `0.25`, `1e-05`, `1e+16`: Python's shortest spelling of a float. */
function pythonFloatText(value: number): string {
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < 16) {
    const text = String(value);
    return Number.isInteger(value) ? `${text}.0` : text;
  }
  const sign = exponent < 0 ? '-' : '+';
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
