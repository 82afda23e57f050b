import type { AnyNode, Program } from 'acorn';
import type { CodeProblem } from './code-scorer.ts';
import { refuseModule } from './find-imports.ts';
import { childrenOf, isFunction, problemAt } from './syntax-tree.ts';

/** What surrounds a node. */
interface Surroundings {
  /** Outside of every function. */
  readonly atTop: boolean;
  /** `this` means something: inside of a class, a method, or a function other than the scorer. */
  readonly hasThis: boolean;
}

/** Syntax that parses and has no meaning in the sandbox: `import(…)`, `import.meta`, `await` at the top, `this`. */
export function findRefusedSyntax(
  program: Program,
  score: AnyNode | undefined,
): readonly CodeProblem[] {
  const problems: CodeProblem[] = [];
  const visit = (node: AnyNode, around: Surroundings): void => {
    const problem = refuse(node, around);
    if (problem !== undefined) problems.push(problem);
    const inside = enter(node, around, score);
    for (const child of childrenOf(node)) visit(child, inside);
  };
  visit(program, { atTop: true, hasThis: false });
  return problems;
}

function enter(node: AnyNode, around: Surroundings, score: AnyNode | undefined): Surroundings {
  if (isFunction(node)) {
    const bindsThis = node.type !== 'ArrowFunctionExpression' && node !== score;
    return { atTop: false, hasThis: around.hasThis || bindsThis };
  }
  return node.type === 'ClassBody' ? { ...around, hasThis: true } : around;
}

function refuse(node: AnyNode, { atTop, hasThis }: Surroundings): CodeProblem | undefined {
  if (node.type === 'ImportExpression') {
    return refuseModule(node, node.source.type === 'Literal' ? node.source.value : undefined);
  }
  if (node.type === 'MetaProperty' && node.meta.name === 'import') {
    return problemAt(node, 'import.meta', {
      about: (line) => `import.meta ${line} means nothing in the sandbox`,
      advice: 'leave it out: a code scorer stands in no file',
    });
  }
  const waits =
    node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true);
  if (atTop && waits) {
    return problemAt(node, 'await', {
      about: (line) => `await ${line} stands outside of the function`,
      advice: 'the sandbox has nothing to wait for: use constants',
    });
  }
  if (node.type !== 'ThisExpression' || hasThis) return undefined;
  return problemAt(node, 'this', {
    about: (line) => `\`this\` ${line} is undefined in a function scorer`,
    advice: 'use a parameter or a constant in the file',
  });
}
