import { type SettingKey, settingInfo } from './config-schema.ts';
import type { Origin } from './origin.ts';
import { hideCredentials } from './secret.ts';
import { pathOf, variableOf } from './setting-names.ts';

/** One setting that cannot be used. */
export interface Mistake {
  readonly key: SettingKey;
  readonly origin: Origin;
  /** `expected …`, or a sentence of its own. */
  readonly expected: string;
  readonly value: unknown;
}

const MAX_QUOTED = 60;

/** One line: path, variable, where the value comes from, what was expected and what was there. */
export function describeMistake({ key, origin, expected, value }: Mistake): string {
  const names = `${pathOf(key)} (${variableOf(key)}, from ${describeOrigin(origin)})`;
  return `${names}: ${expected}${quoted(key, value)}`;
}

function describeOrigin({ kind, name }: Origin): string {
  return kind === 'environment' ? 'the environment' : name;
}

function quoted(key: SettingKey, value: unknown): string {
  if (value === undefined || settingInfo(key).secret) return '';
  const text = hideCredentials(typeof value === 'string' ? value : JSON.stringify(value));
  return `; got "${text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text}"`;
}
