import { defineConfig } from 'vitest/config';
import { SERVICE_TESTS, UNIT_TESTS } from './test/setup/test-folders.ts';

export default defineConfig({
  test: {
    maxWorkers: 2,
    // Kafka's first stop stores its loaded classes.
    teardownTimeout: 60_000,
    projects: [
      { test: { name: 'unit', include: [...UNIT_TESTS] } },
      {
        test: {
          name: 'services',
          include: [...SERVICE_TESTS],
          globalSetup: 'test/setup/provide-services.ts',
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
