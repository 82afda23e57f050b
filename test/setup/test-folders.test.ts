import { globSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FAULT_TESTS, SERVICE_TESTS, UNIT_TESTS } from './test-folders.ts';

it('has each test file in one of the three lists', () => {
  const all = globSync(['test/**/*.test.ts', 'packages/*/test/**/*.test.ts']);
  const listed = [UNIT_TESTS, SERVICE_TESTS, FAULT_TESTS].flatMap((tests) => globSync([...tests]));
  expect(listed.toSorted()).toEqual(all.toSorted());
});
