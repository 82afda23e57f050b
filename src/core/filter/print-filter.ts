import type { FilterClause, FilterNode, TextField } from './filter-node.ts';

/** Writes a parsed filter in its canonical spelling, which MLflow accepts too: `parseFilter` gives the same tree again. */
export function printFilter(filter: FilterNode): string {
  const clauses = filter.kind === 'and' ? filter.operands : [filter];
  return clauses.map(printClause).join(' AND ');
}

export function printClause(clause: FilterClause): string {
  switch (clause.kind) {
    case 'text':
      return `${printField(clause.field)} ${clause.comparator} ${printText(clause.value)}`;
    case 'number':
      return `${clause.field.name} ${clause.comparator} ${printNumber(clause.value)}`;
    case 'list': {
      const values = clause.values.map(printText).join(', ');
      return `${printField(clause.field)} ${clause.comparator} (${values})`;
    }
    case 'presence':
      return `${printField(clause.field)} ${clause.comparator}`;
  }
}

function printField(field: TextField): string {
  return 'key' in field ? `${field.name}.${printKey(field.key)}` : field.name;
}

const BARE_PART = /^(?!\d+$)[\p{L}\p{M}\p{N}_[\]]+$/u;

function printKey(key: string): string {
  const isBare = key.split('.').every((part) => BARE_PART.test(part));
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
