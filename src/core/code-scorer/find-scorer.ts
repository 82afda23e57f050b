import type {
  AnyNode,
  ExportDefaultDeclaration,
  ExpressionStatement,
  FunctionDeclaration,
  Program,
} from 'acorn';
import type { CodeProblem } from './code-scorer.ts';
import { problemAt } from './syntax-tree.ts';

/**
 * Where a source has its scorer:
 * - `statement`: the source is one function, or one call;
 * - `default`: what the module exports by default;
 * - `named`: the only thing that the module exports, under a name of the module.
 */
export type Entry =
  | {
      readonly kind: 'statement';
      readonly value: AnyNode;
      readonly statement: ExpressionStatement | FunctionDeclaration;
    }
  | {
      readonly kind: 'default';
      readonly value: AnyNode;
      readonly declaration: ExportDefaultDeclaration;
    }
  | { readonly kind: 'named'; readonly value: AnyNode; readonly name: string };

export type FoundEntry =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly problem: CodeProblem };

const USE_DEFAULT = "export the scorer: export default scorer({ name: '…' }, ({ outputs }) => …)";

/** The scorer of a source: its one function, its default export, or else the only thing it exports. */
export function findScorer(program: Program): FoundEntry {
  const exported = findExport(program);
  if (exported !== undefined) return exported;
  const [statement, another] = program.body.filter(isSubstantial);
  if (another === undefined && statement?.type === 'ExpressionStatement') {
    return { ok: true, entry: { kind: 'statement', value: statement.expression, statement } };
  }
  if (another === undefined && statement?.type === 'FunctionDeclaration') {
    return { ok: true, entry: { kind: 'statement', value: statement, statement } };
  }
  if (another === undefined && statement?.type === 'ClassDeclaration') {
    return { ok: true, entry: { kind: 'named', value: statement, name: statement.id.name } };
  }
  const about = (): string =>
    statement === undefined ? 'there is no scorer in the source' : 'the module exports no scorer';
  return {
    ok: false,
    problem: problemAt(statement ?? program, null, { about, advice: USE_DEFAULT }),
  };
}

function isSubstantial(statement: Program['body'][number]): boolean {
  if (statement.type === 'ImportDeclaration' || statement.type === 'EmptyStatement') return false;
  return statement.type !== 'ExpressionStatement' || statement.directive === undefined;
}

/** undefined where the program exports nothing. */
function findExport(program: Program): FoundEntry | undefined {
  const named: { readonly local: string; readonly exported: string; readonly at: AnyNode }[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ExportDefaultDeclaration') {
      const { declaration: value } = statement;
      return { ok: true, entry: { kind: 'default', value, declaration: statement } };
    }
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue;
    for (const { local, exported } of statement.specifiers) {
      named.push({ local: textOf(local), exported: textOf(exported), at: local });
    }
    for (const at of declaredNames(statement.declaration ?? undefined)) {
      named.push({ local: at.name, exported: at.name, at });
    }
  }
  const [first, second] = named;
  const chosen =
    named.find(({ exported }) => exported === 'default') ??
    (second === undefined ? first : undefined);
  if (chosen !== undefined) {
    const value = declaredValue(program, chosen.local) ?? chosen.at;
    return { ok: true, entry: { kind: 'named', value, name: chosen.local } };
  }
  if (second === undefined) return undefined;
  const names = named.map(({ exported }) => exported).join(', ');
  const about = (): string => `the module exports several things: ${names}`;
  return {
    ok: false,
    problem: problemAt(second.at, second.exported, {
      about,
      advice: 'a code scorer is one: export it by default, or put each into a file of its own',
    }),
  };
}

function textOf(
  name:
    | { readonly type: 'Identifier'; readonly name: string }
    | { readonly type: 'Literal'; readonly value?: unknown },
): string {
  return name.type === 'Identifier' ? name.name : String(name.value);
}

function declaredNames(declaration: AnyNode | undefined) {
  if (declaration?.type === 'VariableDeclaration') {
    return declaration.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id] : []));
  }
  const isNamed =
    declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration';
  return isNamed && declaration.id !== null ? [declaration.id] : [];
}

/** What the module declares under a name, at its top: a function, a class, or the value of a variable. */
export function declaredValue(program: Program, name: string): AnyNode | undefined {
  for (const statement of program.body) {
    const declaration =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement;
    if (declaration?.type === 'VariableDeclaration') {
      for (const { id, init } of declaration.declarations) {
        if (id.type === 'Identifier' && id.name === name) return init ?? undefined;
      }
    } else if (
      (declaration?.type === 'FunctionDeclaration' || declaration?.type === 'ClassDeclaration') &&
      declaration.id?.name === name
    ) {
      return declaration;
    }
  }
  return undefined;
}
