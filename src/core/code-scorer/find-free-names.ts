import type { Node, Program } from 'acorn';
import { analyze, type Reference, type Scope, type ScopeManager } from 'eslint-scope';
import { nearestName } from '../did-you-mean.ts';
import type { CodeProblem } from './code-scorer.ts';
import { ARGUMENT_NAMES, MISSING_GLOBALS, SANDBOX_GLOBALS } from './sandbox-globals.ts';
import { problemAt } from './syntax-tree.ts';

/** eslint-scope knows no other difference than before and after ES2015. */
const ECMA_VERSION = 2025;

/** Comparing names takes time: so many are enough for a suggestion, and to see what is wrong. */
const MAX_KNOWN = 300;
const MAX_KNOWN_LENGTH = 40;
const MAX_PROBLEMS = 20;

/** Names that the source uses and does not have, and variables that it changes from call to call. */
export function findNameProblems(program: Program): readonly CodeProblem[] {
  // acorn's tree is ESTree; its types are written out anew and differ in what may be left out.
  const scopes = analyze(program as Parameters<typeof analyze>[0], {
    ecmaVersion: ECMA_VERSION,
    sourceType: 'module',
  });
  return [...findFreeNames(scopes), ...findSharedState(scopes)];
}

function findFreeNames({ globalScope, scopes }: ScopeManager): readonly CodeProblem[] {
  const declared = scopes.flatMap(({ variables }) => variables.map(({ name }) => name));
  const known = [...Object.keys(SANDBOX_GLOBALS), ...declared]
    .filter(({ length }) => length <= MAX_KNOWN_LENGTH)
    .slice(0, MAX_KNOWN);
  const seen = new Set<string>();
  return (globalScope?.through ?? []).flatMap((reference) => {
    const { name } = nameOf(reference);
    if (seen.size >= MAX_PROBLEMS) return [];
    if (seen.has(name) || Object.hasOwn(SANDBOX_GLOBALS, name)) return [];
    seen.add(name);
    return [toProblem(reference, known)];
  });
}

function toProblem(reference: Reference, known: readonly string[]): CodeProblem {
  const { name, node } = nameOf(reference);
  if (Object.hasOwn(MISSING_GLOBALS, name)) {
    return problemAt(node, name, {
      about: (line) => `\`${name}\` ${line} is not in the sandbox`,
      advice: MISSING_GLOBALS[name] ?? '',
    });
  }
  if (ARGUMENT_NAMES.includes(name)) {
    return problemAt(node, name, {
      about: (line) => `\`${name}\` ${line} is not a parameter of the function`,
      advice: `take it from the argument: ({ ${name} }) => …`,
    });
  }
  if (reference.isWriteOnly()) {
    return problemAt(node, name, {
      about: (line) => `\`${name}\` ${line} is assigned and not declared`,
      advice: 'declare it with const or let inside the function',
    });
  }
  const nearest = name.length > MAX_KNOWN_LENGTH ? undefined : nearestName(name, known);
  return problemAt(node, name, {
    about: (line) => `\`${name}\` ${line} is defined outside the function`,
    advice: `move it inside, or make it a constant in the file${nearest === undefined ? '' : `; did you mean \`${nearest}\`?`}`,
  });
}

/** Variables of the module that a function assigns to: the sandbox keeps nothing from one call to the next. */
function findSharedState({ scopes }: ScopeManager): readonly CodeProblem[] {
  const module = scopes.find(({ type }) => type === 'module');
  return (module?.variables ?? []).flatMap(({ name, references }) => {
    const change = references.find((each) => each.isWrite() && functionOf(each.from) !== module);
    if (change === undefined) return [];
    return [
      problemAt(nameOf(change).node, name, {
        about: (line) =>
          `\`${name}\` ${line} is changed by a function and would be kept between calls`,
        advice:
          'each call in the sandbox begins anew: use a variable inside the function, or a class scorer, deployed as a module (ASSAY_SCORERS)',
      }),
    ];
  });
}

function functionOf(scope: Scope): Scope {
  return scope.variableScope;
}

/** The tree was made by acorn, so its nodes have places. JSX, of which the types speak, cannot be parsed. */
function nameOf({ identifier }: Reference): { readonly name: string; readonly node: Node } {
  return { name: String(identifier.name), node: identifier as unknown as Node };
}
