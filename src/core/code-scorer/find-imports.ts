import type { ImportDeclaration, Node, Program } from 'acorn';
import { type CodeProblem, DEPLOY_AS_MODULE } from './code-scorer.ts';
import { MISSING_GLOBALS, SDK_NAMES } from './sandbox-globals.ts';
import { problemAt } from './syntax-tree.ts';

const SDK = '@assay/sdk';

/** A name of the SDK under another one. */
export interface Alias {
  readonly local: string;
  readonly imported: string;
}

/** The imports that the sandbox provides under another name, and problems with all others. */
export function findImports(program: Program): {
  readonly aliases: readonly Alias[];
  readonly problems: readonly CodeProblem[];
} {
  const aliases: Alias[] = [];
  const problems: CodeProblem[] = [];
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') {
      if (statement.source.value === SDK) readSdkImport(statement, { aliases, problems });
      else problems.push(refuseModule(statement, statement.source.value));
    } else if (statement.type === 'ExportAllDeclaration') {
      problems.push(refuseModule(statement, statement.source.value));
    } else if (statement.type === 'ExportNamedDeclaration' && statement.source) {
      problems.push(refuseModule(statement, statement.source.value));
    }
  }
  return { aliases, problems };
}

export function refuseModule(at: Node, module: unknown): CodeProblem {
  const name = typeof module === 'string' ? module : null;
  const shown = name === null ? 'a module' : `'${name}'`;
  return problemAt(at, name, {
    about: (line) => `${shown} ${line} cannot be imported by a code scorer`,
    advice: `copy what you need into the file, or ${DEPLOY_AS_MODULE}`,
  });
}

function readSdkImport(
  { specifiers }: ImportDeclaration,
  found: { readonly aliases: Alias[]; readonly problems: CodeProblem[] },
): void {
  const there = Object.keys(SDK_NAMES).join(', ');
  for (const specifier of specifiers) {
    const local = specifier.local.name;
    if (specifier.type !== 'ImportSpecifier') {
      found.problems.push(
        problemAt(specifier, local, {
          about: (line) => `\`${local}\` ${line} is all of ${SDK}, of which the sandbox has a part`,
          advice: `import the names themselves: import { ${there} } from '${SDK}'`,
        }),
      );
      continue;
    }
    const { imported: node } = specifier;
    const imported = node.type === 'Identifier' ? node.name : String(node.value);
    if (Object.hasOwn(SDK_NAMES, imported)) {
      if (imported !== local) found.aliases.push({ local, imported });
      continue;
    }
    const ofClasses = imported === 'Scorer' ? MISSING_GLOBALS['Scorer'] : undefined;
    found.problems.push(
      problemAt(specifier, imported, {
        about: (line) => `\`${imported}\` ${line} of ${SDK} is not in the sandbox`,
        advice:
          ofClasses ??
          `there are ${there}; a type is imported with: import type { ${imported} } from '${SDK}'`,
      }),
    );
  }
}
