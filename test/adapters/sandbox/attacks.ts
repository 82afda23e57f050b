/** Something that hostile code may try, as the body that the sandbox evaluates. */
export interface Attack {
  readonly name: string;
  readonly body: string;
  /** The value of a scorer that got nothing; else the codes of which its error has one. */
  readonly ends: { readonly value: unknown } | { readonly code: readonly string[] };
}

const LIMITS = ['SCORER_TIMEOUT', 'SCORER_MEMORY', 'SCORER_CRASHED'];
const REFUSED = ['SCORER_ERROR', 'SCORER_RETURN_INVALID', 'RESULT_TOO_LARGE'];

function bomb(name: string, body: string, codes: readonly string[] = LIMITS): Attack {
  // On a slow machine the time limit may come first, whatever else would stop it.
  return { name, body, ends: { code: [...codes, 'SCORER_TIMEOUT'] } };
}

/** Takes longer or more than it may, or returns what it may not. */
export const BOMBS: readonly Attack[] = [
  bomb('an endless loop', 'return () => { for (;;); }', ['SCORER_TIMEOUT']),
  bomb('an endless loop outside the function', 'for (;;); return () => 1', ['SCORER_TIMEOUT']),
  bomb('a regex bomb', 'return () => /^(a+)+$/.test("a".repeat(50) + "b")', ['SCORER_TIMEOUT']),
  bomb('a promise loop', 'return async () => { for (;;) await null; }', ['SCORER_TIMEOUT']),
  bomb(
    'a promise loop left behind by a call that has answered',
    'return () => { (async () => { for (;;) await null; })(); return 1; }',
    ['SCORER_TIMEOUT'],
  ),
  bomb('a promise that never settles', 'return () => new Promise(() => {})', ['SCORER_TIMEOUT']),
  bomb('endless recursion', 'const f = () => f() + 1; return f', ['SCORER_ERROR']),
  bomb(
    'endless recursion that catches its own end',
    'const f = () => { try { return f() } catch { return f() } }; return f',
    ['SCORER_TIMEOUT'],
  ),
  bomb('a heap bomb', 'return () => { const a = []; for (;;) a.push({ a: [1, 2, 3] }); }'),
  bomb(
    'a string bomb',
    'return () => { const a = []; for (let i = 0; ; i++) a.push([...("x".repeat(1e6) + i)]); }',
  ),
  bomb('a string that doubles', 'return () => { let s = "x"; for (;;) s += s; }', ['SCORER_ERROR']),
  bomb(
    'a typed array bomb',
    'return () => { const a = []; for (;;) a.push(new Uint8Array(1e7).fill(1)); }',
    [...LIMITS, 'SCORER_ERROR'],
  ),
  bomb('one huge typed array', 'return () => new Uint8Array(2 ** 32).fill(1).length', [
    ...LIMITS,
    'SCORER_ERROR',
  ]),
  bomb('a huge array filled natively', 'return () => new Array(1e8).fill(0).length'),
  bomb('a nested JSON bomb', 'return () => JSON.parse("[".repeat(5e6) + "]".repeat(5e6)).length', [
    ...LIMITS,
    'SCORER_ERROR',
  ]),
  bomb(
    'a JSON text that doubles',
    'return () => { let o = {}; for (let i = 0; i < 40; i++) o = { a: o, b: o }; return JSON.stringify(o).length; }',
    [...LIMITS, 'SCORER_ERROR'],
  ),
  bomb('a big integer that squares', 'return () => { let n = 3n; for (;;) n *= n; }', [
    ...LIMITS,
    'SCORER_ERROR',
  ]),
  bomb(
    'a native walk of an endless list',
    'return () => Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
  ),
  bomb('a huge result', 'return () => "x".repeat(2e6)', ['RESULT_TOO_LARGE']),
  bomb(
    'a hundred large results',
    'return () => Array.from({ length: 100 }, (_, i) => new Feedback({ name: `f${i}`, value: "x".repeat(5e5) }))',
    ['RESULT_TOO_LARGE', 'SCORER_MEMORY'],
  ),
  bomb('a list of a billion', 'return () => { const a = []; a.length = 4e9; return a; }', [
    'RESULT_TOO_LARGE',
  ]),
  bomb(
    'a circular result',
    'return () => { const a = {}; a.a = a; return new Feedback({ value: a }); }',
    REFUSED,
  ),
  bomb(
    'an endless getter in a result',
    'return () => new Feedback({ value: { get a() { for (;;); } } })',
    ['SCORER_TIMEOUT'],
  ),
  bomb(
    'a getter that throws in a result',
    'return () => new Feedback({ value: { get a() { throw new Error("got") } } })',
    REFUSED,
  ),
  bomb(
    'a proxy without end as a result',
    'const p = new Proxy({}, { ownKeys: () => ["a"], getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }), get: () => p }); return () => new Feedback({ value: p })',
    REFUSED,
  ),
  bomb(
    'a proxy that throws at everything',
    'return () => new Proxy({}, { get() { throw new Error("no") }, has() { throw new Error("no") } })',
    REFUSED,
  ),
  bomb(
    'an error whose parts throw',
    'return () => { throw { get message() { throw 1 }, get stack() { throw 2 } }; }',
    ['SCORER_ERROR'],
  ),
  bomb('a thenable that never answers', 'return () => ({ then() {} })', ['SCORER_TIMEOUT']),
  bomb('code that closes the function around it', '}); for (;;); (function () {', ['SCORER_ERROR']),
];

function probe(name: string, expression: string, value: unknown = 'undefined'): Attack {
  return { name, body: `return () => String(${expression})`, ends: { value } };
}

const THROUGH_THE_CONSTRUCTOR = '(() => {}).constructor.constructor';

/** Looks for a way out. Each gets text that says that there is none. */
export const PROBES: readonly Attack[] = [
  probe('the process', 'typeof process'),
  probe('require', 'typeof require'),
  probe('a module to require from', 'typeof module + typeof exports', 'undefinedundefined'),
  probe('fetch', 'typeof fetch'),
  probe('a socket', 'typeof WebSocket + typeof XMLHttpRequest', 'undefinedundefined'),
  probe('a worker', 'typeof Worker'),
  probe('shared memory', 'typeof SharedArrayBuffer'),
  probe('waiting in the processor', 'typeof Atomics'),
  probe('machine code', 'typeof WebAssembly'),
  probe('timers', 'typeof setTimeout + typeof queueMicrotask', 'undefinedundefined'),
  probe('the environment', `${THROUGH_THE_CONSTRUCTOR}('return typeof process')()`),
  probe(
    'the library of the isolate',
    `${THROUGH_THE_CONSTRUCTOR}('return typeof ivm + typeof _ivm')()`,
    'undefinedundefined',
  ),
  probe(
    'a Node global by way of the constructor',
    `${THROUGH_THE_CONSTRUCTOR}('return globalThis.Buffer')()`,
  ),
  {
    name: 'the constructor chain of what the host hands in',
    body: 'return ({ trace, signal }) => [trace, signal, trace.data.spans, trace.info, Feedback].map((o) => o.constructor.constructor("return typeof process")()).join()',
    ends: { value: 'undefined,undefined,undefined,undefined,undefined' },
  },
  {
    name: 'import() of a file module',
    body: 'return async () => { try { await import("node:fs"); return "imported"; } catch { return "refused"; } }',
    ends: { value: 'refused' },
  },
  {
    name: 'import() by way of the constructor',
    body: `return async () => { try { await ${THROUGH_THE_CONSTRUCTOR}('return import("node:child_process")')(); return "imported"; } catch { return "refused"; } }`,
    ends: { value: 'refused' },
  },
  {
    name: 'the callers of the function',
    body: 'return function f() { try { return String(f.caller); } catch { return "refused"; } }',
    ends: { value: 'refused' },
  },
  {
    name: 'stack frames as objects',
    body: 'return () => { try { Error.prepareStackTrace = (_, frames) => frames; } catch {} return typeof new Error("x").stack; }',
    ends: { value: 'string' },
  },
  {
    name: 'writing to standard output',
    body: 'return () => { console.log("\\u0000\\u0000\\u0000\\u0000"); return typeof console.log("x"); }',
    ends: { value: 'undefined' },
  },
  {
    name: 'a finalizer that runs in a later call',
    body: 'return () => typeof FinalizationRegistry',
    ends: { value: 'undefined' },
  },
];

/** Leaves something behind and returns whether it found something that an earlier call left. */
function trail(name: string, leave: string, find: string): Attack {
  const body = `return () => { const found = ${find}; try { ${leave} } catch {} return found ? "found" : "clean"; }`;
  return { name, body, ends: { value: 'clean' } };
}

/** Leave something for the next call, and for other scorers. */
export const TRAILS: readonly Attack[] = [
  { name: 'a counter of the module', body: 'let n = 0; return () => ++n', ends: { value: 1 } },
  {
    name: 'a constant of the module that is changed',
    body: 'const seen = []; return () => { seen.push(1); return seen.length; }',
    ends: { value: 1 },
  },
  {
    name: 'a static field of a class',
    body: 'class A { static n = 0 } return () => ++A.n',
    ends: { value: 1 },
  },
  trail('a global', 'globalThis.left = 1', 'typeof left !== "undefined"'),
  trail(
    'a global declared by eval',
    '(0, eval)("var left = 1; function left2() {}")',
    'typeof left !== "undefined" || typeof left2 !== "undefined"',
  ),
  trail(
    'a lexical global by way of the constructor',
    `${THROUGH_THE_CONSTRUCTOR}("this.left = 1")()`,
    'typeof left !== "undefined"',
  ),
  trail('a polluted Object.prototype', 'Object.prototype.left = 1', '({}).left === 1'),
  trail('a polluted prototype by __proto__', '({}).__proto__.left = 1', '({}).left === 1'),
  trail('a polluted Array.prototype', 'Array.prototype.push = () => 7', '[].push(1) !== 1'),
  trail(
    'a replaced global function',
    'JSON.stringify = () => "{}"',
    'JSON.stringify([1]) !== "[1]"',
  ),
  trail(
    'a prototype that is set',
    'Object.setPrototypeOf(Array.prototype, { left: 1 })',
    '[].left === 1',
  ),
  trail(
    'a polluted Feedback',
    'Feedback.left = 1; Feedback.prototype.left = 1',
    'Feedback.left === 1 || Feedback.prototype.left === 1',
  ),
  trail('a polluted scorer function', 'scorer.left = 1', 'scorer.left === 1'),
  trail('a polluted console', 'console.log.left = 1', 'console.log.left === 1'),
  trail(
    'the prototype of iterators',
    '[][Symbol.iterator]().__proto__.left = 1',
    '[][Symbol.iterator]().left === 1',
  ),
  trail(
    'the prototype of generators',
    '(function* () {})().__proto__.__proto__.left = 1',
    '(function* () {})().left === 1',
  ),
  trail(
    'the prototype of async functions',
    '(async () => {}).__proto__.left = 1',
    '(async () => {}).left === 1',
  ),
  trail(
    'the prototype of segments',
    'new Intl.Segmenter().segment("x").__proto__.left = 1',
    'new Intl.Segmenter().segment("x").left === 1',
  ),
  trail(
    'the prototype of lazy iterators',
    '[].values().map((x) => x).__proto__.left = 1',
    '[].values().map((x) => x).left === 1',
  ),
  trail(
    'the last match of RegExp',
    '/(secret)/.test("secret")',
    'RegExp.$1 === "secret" || RegExp.lastMatch === "secret"',
  ),
  trail('Error.stackTraceLimit', 'Error.stackTraceLimit = 0', 'Error.stackTraceLimit === 0'),
  trail(
    'a mark on a template',
    '((strings) => { strings.left = 1; })`x`',
    '((strings) => strings.left === 1)`x`',
  ),
  trail(
    'a getter by defineProperty',
    'Object.defineProperty(Object.prototype, "value", { get: () => 7 })',
    '({}).value === 7',
  ),
  trail('a then on Object.prototype', 'Object.prototype.then = (f) => f(7)', '"then" in {}'),
];
