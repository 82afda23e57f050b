import { defineConfig } from 'vitest/config';
import { FAULT_TESTS, SERVICE_TESTS, UNIT_TESTS } from './test/setup/test-folders.ts';

const setupFiles = ['test/setup/seed-properties.ts'];

const withServices = {
  setupFiles,
  globalSetup: 'test/setup/provide-services.ts',
  testTimeout: 30_000,
  hookTimeout: 30_000,
};

export default defineConfig({
  test: {
    // Kafka's first stop stores its loaded classes.
    teardownTimeout: 60_000,
    projects: [
      { test: { name: 'unit', include: [...UNIT_TESTS], setupFiles, maxWorkers: 2 } },
      { test: { name: 'services', include: [...SERVICE_TESTS], ...withServices, maxWorkers: 2 } },
      {
        test: {
          name: 'faults',
          include: [...FAULT_TESTS],
          ...withServices,
          // After the others and one file at a time: they keep both cores busy by themselves, and measure times.
          sequence: { groupOrder: 1 },
          fileParallelism: false,
        },
      },
    ],
  },
});
