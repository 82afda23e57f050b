import { SETTING_KEYS, type SettingKey, settingInfo } from './config-schema.ts';
import type { LoadedConfig } from './load-config.ts';
import type { Origin } from './origin.ts';
import { hideCredentials, isSecret } from './secret.ts';
import { pathOf, variableOf } from './setting-names.ts';

/** One effective setting, fit to be shown. */
export interface DescribedSetting {
  readonly key: SettingKey;
  readonly path: string;
  readonly variable: string;
  readonly description: string;
  /** null when not set; secrets are hidden. */
  readonly value: null | string | number | boolean | readonly string[];
  readonly origin: Origin;
}

export function describeConfig({ config, origins }: LoadedConfig): readonly DescribedSetting[] {
  return SETTING_KEYS.map((key) => ({
    key,
    path: pathOf(key),
    variable: variableOf(key),
    description: settingInfo(key).description,
    value: shownValue(config[key]),
    origin: origins[key],
  }));
}

function shownValue(value: LoadedConfig['config'][SettingKey]): DescribedSetting['value'] {
  if (value === undefined) return null;
  if (isSecret(value)) return value.shown;
  if (typeof value === 'string') return hideCredentials(value);
  return typeof value === 'object' ? value.map(hideCredentials) : value;
}
