import { randomBytes } from 'node:crypto';
import { openDatabase, type TestDatabase } from '../adapters/postgres/open-database.ts';
import type { Settings } from './service-process.ts';

/** Topics, a group and a database that nobody else uses. */
export interface Workplace extends AsyncDisposable {
  readonly traceTopic: string;
  readonly feedbackTopic: string;
  readonly deadLetterTopic: string;
  readonly groupId: string;
  readonly test: TestDatabase;
  readonly settings: Settings;
}

export async function openWorkplace(): Promise<Workplace> {
  const test = await openDatabase();
  const name = `t${randomBytes(5).toString('hex')}`;
  const traceTopic = `${name}.traces`;
  const feedbackTopic = `${name}.feedback`;
  const deadLetterTopic = `${name}.dead`;
  return {
    traceTopic,
    feedbackTopic,
    deadLetterTopic,
    groupId: name,
    test,
    settings: {
      DATABASE_URL: test.url,
      TRACE_TOPICS: traceTopic,
      FEEDBACK_TOPIC: feedbackTopic,
      DEAD_LETTER_TOPIC: deadLetterTopic,
      GROUP_ID: name,
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}
