type Fields = Readonly<Record<string, unknown>>;

/** Whether two JSON values are equal; the order of keys does not matter. Any depth is safe. */
export function isSameJson(left: unknown, right: unknown): boolean {
  const pairs: [unknown, unknown][] = [[left, right]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [a, b] = pair;
    if (a === b) continue;
    const inner = innerPairs(a, b);
    if (inner === undefined) return false;
    for (const each of inner) pairs.push(each);
  }
  return true;
}

/** Whether every key of `part` is in `whole` with an equal value; other values must be equal. */
export function isPartOf(part: unknown, whole: unknown): boolean {
  if (!isObject(part) || !isObject(whole)) return isSameJson(part, whole);
  return Object.keys(part).every(
    (key) => Object.hasOwn(whole, key) && isSameJson(part[key], whole[key]),
  );
}

/** The elements or values of two containers side by side; undefined when these two are different. */
function innerPairs(a: unknown, b: unknown): readonly [unknown, unknown][] | undefined {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length
      ? a.map((each, index): [unknown, unknown] => [each, b[index]])
      : undefined;
  }
  if (!isObject(a) || !isObject(b)) return undefined;
  const keys = Object.keys(a);
  const same = keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
  return same ? keys.map((key): [unknown, unknown] => [a[key], b[key]]) : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
