/**
 * A program with a stack, to be killed by tests. Arguments: the state folder; what it starts, `all` or
 * `postgres`; what it does then: `wait`, `handle` Ctrl-C, or `return` without having stopped the stack.
 */
// Loads signal-exit, which listens to signals without deciding anything.
import 'testcontainers';
import { Client } from 'pg';
import { startStack } from '../../src/stack/start-stack.ts';

const [stateDir = '', parts, then] = process.argv.slice(2);
const stack = await startStack({
  stateDir,
  containers: false,
  ...(parts === 'postgres' ? { kafkaBrokers: ['kafka.example:9092'] } : {}),
});
process.stdout.write('ready\n');

if (then === 'wait') setInterval(() => undefined, 1_000);
if (then === 'handle') {
  setInterval(() => undefined, 1_000);
  process.once('SIGINT', () => void finish());
}

/** What a service does at Ctrl-C: it still writes something. */
async function finish(): Promise<void> {
  const client = new Client({ connectionString: stack.databaseUrl });
  await client.connect();
  await client.query('create table written_at_the_end ()');
  await client.end();
  process.stdout.write('written\n');
  await stack.stop();
  process.exit(0);
}
