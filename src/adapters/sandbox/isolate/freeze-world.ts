/**
 * Freezes all that code in this context can reach, so that one call leaves nothing behind for the next. Must
 * run before any foreign code.
 */
export function freezeWorld(more: readonly object[]): void {
  allowOverrides();
  const waiting: object[] = [globalThis, ...hiddenObjects(), ...more];
  const seen = new Set<object>();
  for (let object = waiting.pop(); object !== undefined; object = waiting.pop()) {
    if (seen.has(object)) continue;
    seen.add(object);
    Object.freeze(object);
    const prototype = Reflect.getPrototypeOf(object);
    if (prototype !== null) waiting.push(prototype);
    for (const key of Reflect.ownKeys(object)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
      for (const each of [descriptor?.value, descriptor?.get, descriptor?.set] as unknown[]) {
        if (isObject(each)) waiting.push(each);
      }
    }
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Built-in objects that no global leads to. */
function hiddenObjects(): readonly object[] {
  function* generate(): Generator<undefined> {
    yield undefined;
  }
  async function* generateLater(): AsyncGenerator<undefined> {
    yield undefined;
  }
  const instances: readonly object[] = [
    generate,
    generate(),
    generateLater,
    generateLater(),
    async () => undefined,
    [][Symbol.iterator](),
    ''[Symbol.iterator](),
    new Map()[Symbol.iterator](),
    new Set()[Symbol.iterator](),
    'x'.matchAll(/x/g),
    ...iteratorHelpers(),
    new Intl.Segmenter('en').segment('x'),
    new Intl.Segmenter('en').segment('x')[Symbol.iterator](),
  ];
  return instances.map((instance) => Reflect.getPrototypeOf(instance) ?? instance);
}

/** Too new for the type checker. */
function iteratorHelpers(): readonly object[] {
  const make = Reflect.construct(Function, [
    'return [Iterator.from({ next() { return { done: true }; } }), [].values().map((x) => x)]',
  ]) as () => readonly object[];
  return make();
}

/**
 * An object cannot be assigned a property of its own while its prototype has a frozen one of that name:
 * `error.name = 'MyError'` and `counts['constructor'] = 1` would throw. As accessors the same properties can
 * be overridden.
 */
function allowOverrides(): void {
  const errors = [Error, TypeError, RangeError, SyntaxError, ReferenceError, EvalError, URIError];
  const prototypes: object[] = [
    Object.prototype,
    ...[...errors, AggregateError].map(({ prototype }) => prototype),
  ];
  for (const prototype of prototypes) {
    for (const key of Reflect.ownKeys(prototype)) allowOverride(prototype, key);
  }
  for (const { prototype } of [Array, Function, Promise, RegExp, Map, Set, Date]) {
    allowOverride(prototype, 'constructor');
    allowOverride(prototype, 'toString');
  }
}

function allowOverride(prototype: object, key: PropertyKey): void {
  const descriptor = Reflect.getOwnPropertyDescriptor(prototype, key);
  if (descriptor === undefined || !('value' in descriptor) || descriptor.configurable !== true)
    return;
  const value: unknown = descriptor.value;
  Reflect.defineProperty(prototype, key, {
    enumerable: descriptor.enumerable ?? false,
    configurable: false,
    get: () => value,
    set(this: unknown, given: unknown) {
      if (this === prototype || !isObject(this))
        throw new TypeError(`${String(key)} cannot be changed`);
      const own = { value: given, writable: true, enumerable: true, configurable: true };
      if (!Reflect.defineProperty(this, key, own))
        throw new TypeError(`${String(key)} cannot be set`);
    },
  });
}
