import type { AnyNode, CallExpression, ObjectExpression, Program } from 'acorn';
import { type CodeProblem, type CodeScorerOptions, DEPLOY_AS_MODULE } from './code-scorer.ts';
import { declaredValue } from './find-scorer.ts';
import { isFunction, problemAt } from './syntax-tree.ts';

/** What is known of a scorer without running it. */
export interface ReadScorer {
  readonly options: CodeScorerOptions;
  readonly problems: readonly CodeProblem[];
  /** The scorer's own function, where it is written in the source. */
  readonly score: AnyNode | undefined;
}

/** Longest chain of constants that is followed. */
const MAX_STEPS = 20;

/**
 * Reads the expression that makes the scorer. What cannot be told from the text, such as the call of a function that
 * makes one, passes: the service tries the scorer before it takes it.
 */
export function readScorer(value: AnyNode, program: Program): ReadScorer {
  const resolved = resolve(value, program);
  if (resolved.type === 'CallExpression' && callsScorer(resolved, program)) {
    return readCall(resolved, program);
  }
  return { options: {}, score: resolved, problems: refuseValue(resolved) };
}

function readCall({ arguments: args }: CallExpression, program: Program): ReadScorer {
  const [first, second] = args;
  const options = first && resolve(first, program);
  const score = second && resolve(second, program);
  return {
    options: options?.type === 'ObjectExpression' ? readOptions(options) : {},
    score,
    problems: score === undefined ? [] : refuseValue(score),
  };
}

/** Follows names to what the module declares under them. */
function resolve(value: AnyNode, program: Program): AnyNode {
  let node = value;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    if (node.type === 'ParenthesizedExpression') node = node.expression;
    else if (node.type === 'Identifier') {
      const declared = declaredValue(program, node.name);
      if (declared === undefined) return node;
      node = declared;
    } else return node;
  }
  return node;
}

/** Whether a call is one of the SDK's `scorer`, under whatever name it was imported. */
function callsScorer({ callee }: CallExpression, program: Program): boolean {
  if (callee.type !== 'Identifier') return false;
  const { name } = callee;
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.local.name !== name) continue;
      if (specifier.type !== 'ImportSpecifier') return false;
      const { imported } = specifier;
      return imported.type === 'Identifier' && imported.name === 'scorer';
    }
  }
  return name === 'scorer' && declaredValue(program, name) === undefined;
}

function refuseValue(value: AnyNode): readonly CodeProblem[] {
  const className = classNameOf(value);
  if (className !== undefined) {
    const shown = className === null ? 'the scorer' : `\`${className}\``;
    return [
      problemAt(value, className, {
        about: (line) => `${shown} ${line} is a class, and the sandbox runs functions only`,
        advice: DEPLOY_AS_MODULE,
      }),
    ];
  }
  if (isFunction(value) && value.generator) {
    const name = value.id?.name ?? null;
    return [
      problemAt(value, name, {
        about: (line) => `the scorer ${line} is a generator, which has no answer of its own`,
        advice: 'return a list of Feedback for several answers',
      }),
    ];
  }
  if (!NO_FUNCTIONS.has(value.type)) return [];
  return [
    problemAt(value, null, {
      about: (line) => `what is to be the scorer ${line} is no function`,
      advice: 'expected is a function, or scorer({ name }, function)',
    }),
  ];
}

const NO_FUNCTIONS: ReadonlySet<string> = new Set([
  'Literal',
  'TemplateLiteral',
  'ObjectExpression',
  'ArrayExpression',
  'BinaryExpression',
  'UnaryExpression',
]);

/** The name of a class, or of the class of an instance; null where it has none; undefined of anything else. */
function classNameOf(value: AnyNode): string | null | undefined {
  if (value.type === 'ClassDeclaration' || value.type === 'ClassExpression') {
    return value.id?.name ?? null;
  }
  if (value.type !== 'NewExpression') return undefined;
  return value.callee.type === 'Identifier' ? value.callee.name : null;
}

function readOptions({ properties }: ObjectExpression): CodeScorerOptions {
  const values = new Map<string, unknown>();
  for (const property of properties) {
    if (property.type !== 'Property' || property.computed) continue;
    const { key, value } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? key.value : null;
    if (typeof name === 'string') values.set(name, literalOf(value));
  }
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const number = (name: string): number | undefined => {
    const value = values.get(name);
    // The SDK refuses any other when the source is tried.
    return typeof value === 'number' && Number.isSafeInteger(value) && value > 0
      ? value
      : undefined;
  };
  const [name, description] = [text('name'), text('description')];
  const [timeoutMs, concurrency] = [number('timeoutMs'), number('concurrency')];
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(concurrency !== undefined && { concurrency }),
  };
}

function literalOf(value: AnyNode): unknown {
  if (value.type === 'Literal') return value.value;
  const isText = value.type === 'TemplateLiteral' && value.expressions.length === 0;
  return isText ? value.quasis[0]?.value.cooked : undefined;
}
