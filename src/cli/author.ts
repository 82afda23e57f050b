import { hostname, userInfo } from 'node:os';

/** Who runs the command, for the history of scorers: `user@host`. */
export function authorOfCommands(): string {
  return `${userName()}@${hostname()}`;
}

/** Containers may run under a user id that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
