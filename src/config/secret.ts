/** A value that must not be seen. However it is printed, only `shown` appears; `reveal` gives the value itself. */
export interface Secret {
  readonly shown: string;
  reveal(): string;
  toString(): string;
  toJSON(): string;
}

/** Wraps a secret; `shown` is what people may see instead, such as a URL without its password. */
export function createSecret(value: string, shown = '(hidden)'): Secret {
  return Object.freeze({
    shown,
    reveal: () => value,
    toString: () => shown,
    toJSON: () => shown,
  });
}

export function isSecret(value: unknown): value is Secret {
  return typeof value === 'object' && value !== null && 'reveal' in value && 'shown' in value;
}

// Greedy up to the last @: a password may hold unescaped @, / and comma characters.
const URL_PASSWORD = /(\/\/[^\s:@/?#"'(,]*):\S*@/g;
const BARE_PASSWORD = /(^|[\s"'(,])([^\s:@/?#"'(,]+):(?!\/\/)\S*@/g;
const SECRET_PARAMETER = /([?&](?:password|sslpassword|token|api_?key)=)[^&\s]*/gi;

/** Hides passwords in text that may hold URLs or `user:password@host`. */
export function hideCredentials(text: string): string {
  return text
    .replace(URL_PASSWORD, '$1:(hidden)@')
    .replace(BARE_PASSWORD, '$1$2:(hidden)@')
    .replace(SECRET_PARAMETER, '$1(hidden)');
}
