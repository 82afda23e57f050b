import { AssayError } from '../core/errors.ts';
import { type Config, type SettingKey, settingInfo } from './config-schema.ts';
import { flagOf, pathOf, variableOf } from './setting-names.ts';

/** A configuration in which some of the settings that may be absent are there. */
export type ConfigWith<K extends SettingKey> = Config & {
  readonly [Key in K]: NonNullable<Config[Key]>;
};
/** What it takes to talk to Kafka. */
export type BrokerConfig = ConfigWith<'kafkaBrokers'>;
/** What it takes to talk to Postgres. */
export type DatabaseConfig = ConfigWith<'databaseUrl'>;
export type ServeConfig = ConfigWith<'kafkaBrokers' | 'databaseUrl'>;

/** Throws CONFIG_INVALID naming everything the service needs and does not have, each with an example. */
export function requireForServe(config: Config): ServeConfig {
  return requireSettings(config, ['kafkaBrokers', 'databaseUrl']);
}

export function requireForBroker(config: Config): BrokerConfig {
  return requireSettings(config, ['kafkaBrokers']);
}

export function requireForDatabase(config: Config): DatabaseConfig {
  return requireSettings(config, ['databaseUrl']);
}

function requireSettings<const K extends SettingKey>(
  config: Config,
  keys: readonly K[],
): ConfigWith<K> {
  if (hasSettings(config, keys)) return config;
  const missing = keys.filter((key) => config[key] === undefined);
  const lines = missing.map((key) => {
    const { description, example } = settingInfo(key);
    return `  ${variableOf(key)} is not set (${description}). Example: ${variableOf(key)}=${example}, or ${flagOf(key)} ${example}, or "${pathOf(key)}: ${example}" in assay.yaml`;
  });
  throw new AssayError('CONFIG_INVALID', ['Settings are missing:', ...lines].join('\n'), {
    context: { missing: missing.map(variableOf) },
  });
}

function hasSettings<K extends SettingKey>(
  config: Config,
  keys: readonly K[],
): config is ConfigWith<K> {
  return keys.every((key) => config[key] !== undefined);
}
