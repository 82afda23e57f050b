/** Folders whose tests need nothing but their own process. */
const UNIT_FOLDERS = [
  'packages/sdk/test',
  'test/adapters/builtin-scorers',
  'test/adapters/memory-broker',
  'test/adapters/module-scorers',
  'test/adapters/sandbox',
  'test/adapters/telemetry',
  'test/architecture',
  'test/cli',
  'test/config',
  'test/contract',
  'test/core',
  'test/docs',
  'test/engine',
  'test/http',
  'test/setup',
];

/** Folders whose tests need Kafka and Postgres, which are started once for all of them. */
const SERVICE_FOLDERS = [
  'test/adapters/broker',
  'test/adapters/kafka',
  'test/adapters/postgres',
  'test/conformance',
  'test/demo',
  'test/live',
  'test/stack',
];

/** Globs, relative to the root of the project. Each test file belongs to one of the three lists. */
export const UNIT_TESTS: readonly string[] = ['test/*.test.ts', ...testsIn(UNIT_FOLDERS)];
export const SERVICE_TESTS: readonly string[] = testsIn(SERVICE_FOLDERS);
/** Tests that break things and measure: they run after all others. */
export const FAULT_TESTS: readonly string[] = testsIn(['test/faults']);

function testsIn(folders: readonly string[]): readonly string[] {
  return folders.map((folder) => `${folder}/**/*.test.ts`);
}
