import type { z } from 'zod';
import { didYouMean } from '../../core/did-you-mean.ts';
import { quote } from './quote.ts';

/** One sentence per mistake in a configuration: field path, what was expected, what was there. */
export function describeIssues(
  issues: readonly z.core.$ZodIssue[],
  { given, fields }: { readonly given: unknown; readonly fields: readonly string[] },
): readonly string[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => {
        const name = pathOf([...issue.path, key]);
        // The message of a nested object tells its fields.
        if (issue.path.length > 0) return `${name}: there is no such field; ${issue.message}`;
        const known = fields.join(', ');
        return `${name}: there is no such field${didYouMean(key, fields)}; there are: ${known}`;
      });
    }
    return [`${pathOf(issue.path)}: ${issue.message}${got(valueAt(given, issue.path))}`];
  });
}

/** `config.expected[0].name` */
function pathOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => text + (typeof part === 'number' ? `[${part}]` : `.${String(part)}`),
    'config',
  );
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  let value = given;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[part]; // read only, and may be undefined
  }
  return value;
}

function got(value: unknown): string {
  return value === undefined ? '' : `, got ${quote(value)}`;
}
