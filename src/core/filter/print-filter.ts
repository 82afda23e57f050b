import { isBarePart } from './parse/bare-key.ts';
import type { FilterClause, FilterNode, NumberField, TextField } from './filter-node.ts';

/**
 * Writes a parsed filter in its canonical spelling: `parseFilter` gives the same tree again. MLflow accepts it too,
 * unless the filter needs what only Assay has.
 */
export function printFilter(filter: FilterNode): string {
  switch (filter.kind) {
    case 'and':
      return filter.operands.map((operand) => printOperand(operand, ['and', 'or'])).join(' AND ');
    case 'or':
      return filter.operands.map((operand) => printOperand(operand, ['or'])).join(' OR ');
    case 'not':
      return `NOT ${printOperand(filter.operand, ['and', 'or'])}`;
    case 'text':
    case 'number':
    case 'list':
    case 'presence':
      return printClause(filter);
  }
}

/** In parentheses where the operand is of one of these kinds. */
function printOperand(operand: FilterNode, bracketed: readonly FilterNode['kind'][]): string {
  const printed = printFilter(operand);
  return bracketed.includes(operand.kind) ? `(${printed})` : printed;
}

export function printClause(clause: FilterClause): string {
  const start = `${printField(clause.field)} ${clause.comparator}`;
  switch (clause.kind) {
    case 'text':
      return `${start} ${printText(clause.value)}`;
    case 'number':
      return `${start} ${printNumber(clause.value)}`;
    case 'list':
      return `${start} (${clause.values.map(printText).join(', ')})`;
    case 'presence':
      return start;
  }
}

/** As it is written in a filter: ``tags.`my key` ``. */
export function printField(field: TextField | NumberField): string {
  return 'key' in field ? `${field.name}.${printKey(field.key)}` : field.name;
}

const BARE_WORD = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** The key after the dot, in backticks where it needs them. */
export function printKey(key: string): string {
  const isBare = key.split('.').every((part) => BARE_WORD.test(part) && isBarePart(part));
  if (isBare) return key;
  return key.includes('`') ? quoted(key, ['"', "'"]) : `\`${key}\``;
}

function printText(text: string): string {
  return quoted(text, ["'", '"']);
}

/** In the first of two quotes that the text can be read back from. What was parsed always has one. */
function quoted(text: string, [first, second]: readonly [string, string]): string {
  const hasLoneQuote = text.replaceAll(first + first, '').includes(first);
  const quote = hasLoneQuote ? second : first;
  return `${quote}${text}${quote}`;
}

/** `1e21`, where JavaScript writes `1e+21`, which MLflow does not read. */
function printNumber(value: number): string {
  return String(value).replace('e+', 'e');
}
