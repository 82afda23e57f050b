import type { Config, SettingKey } from './config-schema.ts';
import type { Origin } from './origin.ts';
import type { Mistake } from './mistake.ts';
import { variableOf } from './setting-names.ts';

/** Mistakes that only show when settings are held against each other; those that did not parse are absent. */
export function crossChecks(
  values: Readonly<Partial<Config>>,
  originOf: (key: SettingKey) => Origin,
): readonly Mistake[] {
  const mistake = (key: SettingKey, expected: string): Mistake => ({
    key,
    origin: originOf(key),
    expected,
    value: undefined,
  });
  return [...saslMistakes(values, mistake), ...topicMistakes(values, mistake)];
}

type ToMistake = (key: SettingKey, expected: string) => Mistake;

function* saslMistakes(values: Readonly<Partial<Config>>, mistake: ToMistake): Generator<Mistake> {
  const parts = ['kafkaSaslMechanism', 'kafkaSaslUsername', 'kafkaSaslPassword'] as const;
  const present = parts.filter((key) => values[key] !== undefined);
  if (present.length === 0) return;
  for (const key of parts) {
    // A key that is missing because its value was refused has a mistake of its own already.
    if (values[key] === undefined && key in values) {
      yield mistake(key, `expected a value, since ${present.map(variableOf).join(' and ')} is set`);
    }
  }
}

/** Reading one's own output again would never end. */
function* topicMistakes(values: Readonly<Partial<Config>>, mistake: ToMistake): Generator<Mistake> {
  for (const key of ['feedbackTopic', 'deadLetterTopic'] as const) {
    const topic = values[key];
    if (topic !== undefined && values.traceTopics?.includes(topic)) {
      yield mistake(key, `expected another topic than those of traces, "${topic}" is one of them`);
    }
  }
  if (values.feedbackTopic !== undefined && values.feedbackTopic === values.deadLetterTopic) {
    yield mistake('deadLetterTopic', 'expected another topic than that of feedback');
  }
}
