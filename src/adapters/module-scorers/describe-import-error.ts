/** Why a module could not be imported and what to do: the rest of a sentence that begins with its name. */
export function describeImportError(error: unknown): string {
  if (!(error instanceof Error)) return `throws when it is imported: ${String(error)}`;
  const { message } = error;
  switch ('code' in error ? error.code : undefined) {
    case 'ERR_MODULE_NOT_FOUND':
      return `imports what is not there: ${message}; install the package where the file lies, or correct the path (with its extension)`;
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `uses TypeScript that is more than types: ${message}${placeOfSyntax(error)}; Node runs TypeScript by leaving the types out`;
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return `imports TypeScript below node_modules, where Node does not run it: ${message}; the package must publish JavaScript`;
    default:
      return error instanceof SyntaxError
        ? `cannot be parsed: ${message}${placeOfSyntax(error)}`
        : `throws when it is imported: ${error.name}: ${message}${placeOfThrow(error)}`;
  }
}

/** ` (at …/scorers.ts:3)`: Node puts the place above the stack, where it knows it. */
function placeOfSyntax({ stack = '' }: Error): string {
  return at(/^(?:file:\/\/)?(\/.*:\d+)\n/.exec(stack)?.[1]);
}

/** The innermost frame in a file. */
function placeOfThrow({ stack = '' }: Error): string {
  return at(/^ +at .*?file:\/\/(.+?:\d+):\d+\)?$/m.exec(stack)?.[1]);
}

function at(place: string | undefined): string {
  return place === undefined ? '' : ` (at ${place})`;
}
