import { DEPLOY_AS_MODULE } from './code-scorer.ts';

/** Names of `@assay/sdk` that a code scorer may import, and may use without. */
export const SDK_NAMES: Readonly<Record<string, string>> = {
  scorer: 'names the scorer and sets its options',
  Feedback: 'a value with rationale, metadata, span',
  AssessmentError: 'an error with a code of its own',
  notApplicable: 'says that there is nothing to judge in this trace, and why',
};

const TYPED_ARRAYS = [
  'ArrayBuffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
];
const ERRORS = [
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ReferenceError',
  'EvalError',
  'URIError',
  'AggregateError',
];

/** Every name that a code scorer may use without declaring it, and what it is. docs/scorers.md lists these. */
export const SANDBOX_GLOBALS: Readonly<Record<string, string>> = {
  ...SDK_NAMES,
  console: 'accepted, so that a scorer may be debugged elsewhere; what is written to it is dropped',
  ...all(['undefined', 'NaN', 'Infinity'], 'values of the language'),
  ...all(['Object', 'Array', 'String', 'Number', 'Boolean', 'BigInt', 'Symbol'], 'basic types'),
  ...all(['Math', 'JSON', 'Reflect', 'Intl'], 'functions of the language'),
  Date: 'times; prefer those of the trace, so that a later run gives the same feedback',
  RegExp: 'regular expressions; one that takes too long ends in a time-out',
  ...all(['Map', 'Set', 'WeakMap', 'WeakSet', 'WeakRef', 'Iterator'], 'collections'),
  Promise: 'a scorer may be async, though it has nothing to wait for',
  Proxy: 'part of the language',
  ...all(ERRORS, 'errors to throw'),
  ...all(TYPED_ARRAYS, 'bytes'),
  ...all(['isNaN', 'isFinite', 'parseInt', 'parseFloat'], 'numbers from text'),
  ...all(
    ['encodeURIComponent', 'decodeURIComponent', 'encodeURI', 'decodeURI'],
    'percent encoding',
  ),
};

const NO_NETWORK = `the sandbox has no network: ${DEPLOY_AS_MODULE}`;
const NO_TIMERS = 'the sandbox has no timers: answer at once';
const NO_NODE = `the sandbox has nothing of Node: ${DEPLOY_AS_MODULE}`;
const NO_MODULES = `copy what you need into the file, or ${DEPLOY_AS_MODULE}`;
const NO_CODE_FROM_TEXT = 'code cannot be made of text: write the function out';
const NO_THREADS = 'the sandbox has neither threads nor shared memory: leave it out';

/** Names that people may expect, and what to do without them. */
export const MISSING_GLOBALS: Readonly<Record<string, string>> = {
  ...all(['fetch', 'XMLHttpRequest', 'WebSocket', 'Request', 'Response', 'Headers'], NO_NETWORK),
  ...all(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'], NO_TIMERS),
  ...all(['clearTimeout', 'clearInterval'], NO_TIMERS),
  ...all(['process', 'Buffer', 'global', '__dirname', '__filename'], NO_NODE),
  ...all(['require', 'module', 'exports', 'importScripts'], NO_MODULES),
  ...all(['eval', 'Function'], NO_CODE_FROM_TEXT),
  ...all(['Worker', 'SharedArrayBuffer', 'Atomics', 'WebAssembly'], NO_THREADS),
  ...all(['globalThis', 'window', 'self', 'document'], 'use the names themselves'),
  ...all(['structuredClone'], 'copy with JSON.parse(JSON.stringify(…))'),
  ...all(['URL', 'TextEncoder', 'TextDecoder', 'crypto', 'performance', 'atob', 'btoa'], NO_NODE),
  arguments: 'take what you need as parameters: ({ inputs, outputs, expectations, trace }) => …',
  Scorer: `class scorers do not run in the sandbox: ${DEPLOY_AS_MODULE}`,
};

/** What a scorer is called with. */
export const ARGUMENT_NAMES: readonly string[] = [
  'inputs',
  'outputs',
  'expectations',
  'trace',
  'signal',
];

function all(names: readonly string[], what: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, what]));
}
