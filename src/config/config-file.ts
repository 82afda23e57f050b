import { LineCounter, parseDocument } from 'yaml';
import { AssayError } from '../core/errors.ts';

/**
 * Reads assay.yaml into flat paths: `http_port: 8080` and `http: { port: 8080 }` are the same.
 * Lists stay lists. Throws CONFIG_INVALID with line and column; the text of the file is never
 * quoted, since it may hold secrets.
 */
export function parseConfigFile(file: string, text: string): ReadonlyMap<string, unknown> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = lineCounter.linePos(problem.pos[0]);
    const where = `${file}, line ${line}, column ${col}`;
    throw new AssayError('CONFIG_INVALID', `${where}: not YAML (${problem.code}).`, {
      context: { file, line, column: col },
    });
  }
  const content: unknown = document.toJS();
  if (content === null || content === undefined) return new Map();
  if (!isMapping(content)) {
    throw new AssayError('CONFIG_INVALID', `${file}: expected settings such as "http_port: 8080".`);
  }
  return new Map(flatten(content, ''));
}

function* flatten(
  mapping: Readonly<Record<string, unknown>>,
  prefix: string,
): Generator<[string, unknown]> {
  for (const [key, value] of Object.entries(mapping)) {
    const path = `${prefix}${key}`;
    if (isMapping(value)) yield* flatten(value, `${path}_`);
    else yield [path, value];
  }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
