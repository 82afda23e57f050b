import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Installation,
  installationAt,
  isComplete,
  markComplete,
} from '../../../src/stack/kafka/installation.ts';
import { KAFKA_POM } from '../../../src/stack/kafka/kafka-pom.ts';
import { makeStateDir, type StateDir } from '../state-dir.ts';

describe('an installation of Kafka', () => {
  let state: StateDir;
  let installation: Installation;

  beforeEach(() => {
    state = makeStateDir();
    installation = installationAt(join(state.path, 'kafka'));
    mkdirSync(installation.jars, { recursive: true });
    writeFileSync(installation.pom, KAFKA_POM);
    writeFileSync(installation.checkpoint, 'checkpoint');
    writeFileSync(join(installation.jars, 'a.jar'), 'aa');
    writeFileSync(join(installation.jars, 'b.jar'), 'bb');
  });

  afterEach(() => state[Symbol.dispose]());

  it('is complete once it is marked so', () => {
    expect(isComplete(installation)).toBe(false);
    markComplete(installation);
    expect(isComplete(installation)).toBe(true);
  });

  it.each([
    ['lacks a jar', () => rmSync(join(installation.jars, 'b.jar'))],
    ['has a jar of another size', () => writeFileSync(join(installation.jars, 'b.jar'), 'b')],
    ['has another pom', () => writeFileSync(installation.pom, '<project/>')],
    ['lacks the checkpoint', () => rmSync(installation.checkpoint)],
    ['is not there', () => rmSync(installation.folder, { recursive: true })],
  ])('is not complete when it %s', (_, damage) => {
    markComplete(installation);
    damage();
    expect(isComplete(installation)).toBe(false);
  });
});
