import { createSandbox } from '../../../../src/adapters/sandbox/create-sandbox.ts';
import { buildTrace } from '../../builtin-scorers/build-trace.ts';

/** A service that prints the id of its sandbox's process, and then waits for its own end. */
const sandbox = createSandbox();
const trace = buildTrace({ outputs: 'x' });
await sandbox.add({ body: 'return () => 1' }).call(trace);
process.stdout.write(`${String(sandbox.pid)}\n`);
setInterval(() => undefined, 1000);
