type Fields = Readonly<Record<string, unknown>>;

const TEXT_PARTS: ReadonlySet<unknown> = new Set(['text', 'output_text']);

/**
 * The text of a trace's outputs: what a person would call the answer. Strings as they are; a list by
 * its first element; the answer inside a chat completion (`choices`), a list of `messages` or a
 * Responses API `output`; any other value as JSON. No outputs are empty text. These are MLflow's
 * rules, except that its judges see one space where there are no outputs.
 */
export function outputsText(outputs: unknown): string {
  let value = outputs;
  while (Array.isArray(value) && value.length > 0) value = value[0];
  if (value === null || value === undefined) return '';
  return answerText(value) ?? jsonText(value);
}

/**
 * The answer inside outputs whose shape is known: a string, or one of the chat shapes that
 * `outputsText` names. undefined for any other value.
 */
export function answerText(outputs: unknown): string | undefined {
  if (typeof outputs === 'string') return outputs;
  const { choices, messages, output } = fieldsOf(outputs);
  return (
    textOf(fieldsOf(fieldsOf(elementAt(choices, 0)).message).content) ??
    textOf(fieldsOf(elementAt(messages, -1)).content) ??
    ofResponseItem(fieldsOf(elementAt(output, -1)))
  );
}

/**
 * Compact JSON. Empty for undefined, and where JSON cannot write the value (nested thousands of levels
 * deep).
 */
export function jsonText(value: unknown): string {
  if (value === undefined) return '';
  try {
    return JSON.stringify(value);
  } catch {
    return '';
  }
}

/** Responses API: the text of a message, or its first part that is text. */
function ofResponseItem({ type, content }: Fields): string | undefined {
  if (type !== 'message') return undefined;
  if (!Array.isArray(content)) return textOf(content);
  const part = content.map(fieldsOf).find((each) => TEXT_PARTS.has(each.type));
  return textOf(part?.text);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function elementAt(list: unknown, index: number): unknown {
  return Array.isArray(list) ? list.at(index) : undefined;
}

/** The fields of an object; none for anything else. */
function fieldsOf(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
