/**
 * Freezes plain objects and lists with all that they hold, in place, and returns the value. Other objects
 * (a Date, a RegExp) are left alone. What is frozen already is taken to be frozen throughout. Any depth:
 * a trace may hold JSON that is nested deeper than a recursive function can go.
 */
export function deepFreeze<T>(value: T): T {
  const waiting: object[] = [];
  if (isFreezable(value)) waiting.push(value);
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    Object.freeze(object);
    for (const each of Object.values(object)) if (isFreezable(each)) waiting.push(each);
  }
  return value;
}

function isFreezable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return false;
  return Array.isArray(value) || isPlainObject(value);
}

function isPlainObject(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
