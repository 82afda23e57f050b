import { Client } from 'pg';
import { AssayError } from '../../core/errors.ts';
import type { DatabaseTarget } from './to-database-error.ts';

/**
 * A client that says so when the server asks for a password and there is none: pg throws an Error without
 * a code then, which looks like a broken connection.
 */
export function passwordClient(target: DatabaseTarget): typeof Client {
  return class PasswordClient extends Client {
    constructor(...options: ConstructorParameters<typeof Client>) {
      super(...options);
      // From the URL or PGPASSWORD. pg calls a function at the moment when the server asks; as an option it
      // would be overridden by the URL.
      const given: unknown = Reflect.get(this, 'password');
      if (typeof given === 'string') return;
      Reflect.set(this, 'password', () => {
        // The server goes on waiting for the password otherwise.
        void this.end();
        return Promise.reject(noPassword(target));
      });
    }
  };
}

function noPassword({ user, host, port }: DatabaseTarget): AssayError {
  const says = `Postgres at ${host}:${port} asks for a password of user '${user}', and there is none: put it into ASSAY_DATABASE_URL (postgres://user:password@…)`;
  return new AssayError('DATABASE_AUTHENTICATION_FAILED', `cannot connect: ${says}`);
}
