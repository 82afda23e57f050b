import { ScorerDefinitionError } from '../scorer-definition-error.ts';

/** White space and comments. */
const GAP = String.raw`(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)*`;
const FUNCTION = new RegExp(String.raw`^(?:async${GAP})?function\b`);
const ARROW = new RegExp(
  String.raw`^(?:async${GAP})?(?:\(|[\p{ID_Start}$_][\p{ID_Continue}$]*${GAP}=>)`,
  'u',
);

/**
 * The text of a function that can stand on its own, with LF line ends. Throws ScorerDefinitionError for functions whose
 * text cannot: bound and native ones have none, and that of a method is no expression.
 */
export function functionSource(score: (...args: never[]) => unknown, scorerName: string): string {
  const text = Function.prototype.toString.call(score).replace(/\r\n?/g, '\n');
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
    throw refused(scorerName, 'a bound or native function, which has no source');
  }
  if (text.startsWith('class')) throw refused(scorerName, 'a class, which cannot be called');
  if (!FUNCTION.test(text) && !ARROW.test(text)) {
    throw refused(scorerName, 'a method, whose source cannot stand on its own');
  }
  return text;
}

function refused(scorerName: string, what: string): ScorerDefinitionError {
  return new ScorerDefinitionError(
    'source',
    `scorer '${scorerName}' cannot be registered as code: it was made of ${what}. Write it as an arrow function or a function expression, or deploy it in a file that ASSAY_SCORERS names and register it with { as: 'module' }`,
  );
}
