import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SERVICE_TESTS, UNIT_TESTS } from './test-folders.ts';

it('has each test file in one of the two lists', () => {
  const all = globSync(['test/**/*.test.ts', 'packages/*/test/**/*.test.ts']);
  const listed = [...globSync([...UNIT_TESTS]), ...globSync([...SERVICE_TESTS])];
  expect(listed.toSorted()).toEqual(all.toSorted());
});
