import type { AnyNode, Node } from 'acorn';
import type { CodeProblem } from './code-scorer.ts';

/** The nodes right below a node, in the order of its fields. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  return Object.values(node).flat().filter(isNode);
}

function isNode(value: unknown): value is AnyNode {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

export type FunctionNode = Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
>;

export function isFunction(node: AnyNode): node is FunctionNode {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression'
  );
}

/** A problem at the beginning of a node; `about` gets the line. */
export function problemAt(
  node: Node,
  name: string | null,
  said: { readonly about: (line: string) => string; readonly advice: string },
): CodeProblem {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  const message = said.about(`(line ${line})`);
  return { name, line, column: column + 1, message, advice: said.advice };
}
