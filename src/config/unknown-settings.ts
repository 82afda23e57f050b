import { didYouMean, nearestName } from '../core/did-you-mean.ts';
import { SETTING_KEYS } from './config-schema.ts';
import { pathOf, variableOf } from './setting-names.ts';

/** Variables of features that this version does not have. */
const LATER: readonly string[] = [
  'ASSAY_SCHEMA_REGISTRY_URL',
  'ASSAY_JUDGE_MODEL',
  'ASSAY_ARCHIVE_RETENTION_DAYS',
  'ASSAY_LEDGER_RETENTION_DAYS',
  'ASSAY_QUEUE_MAX_AGE_MS',
];

const VARIABLES: readonly string[] = SETTING_KEYS.map(variableOf);
const PATHS: readonly string[] = SETTING_KEYS.map(pathOf);

/** One warning for each `ASSAY_` variable that means nothing, with the name that may have been meant. */
export function warnOfVariables(names: readonly string[]): readonly string[] {
  return names
    .filter((name) => name.startsWith('ASSAY_') && !VARIABLES.includes(name))
    .sort()
    .map((name) =>
      LATER.includes(name)
        ? `${name} has no effect in this version`
        : `${name} is not a setting of Assay and has no effect${variableMeant(name)}`,
    );
}

/** One warning for each path of the configuration file that means nothing. */
export function warnOfPaths(file: string, paths: readonly string[]): readonly string[] {
  return paths
    .filter((path) => !PATHS.includes(path))
    .map((path) =>
      LATER.includes(`ASSAY_${path.toUpperCase()}`)
        ? `${path} in ${file} has no effect in this version`
        : `${path} in ${file} is not a setting of Assay and has no effect${didYouMean(path, PATHS)}`,
    );
}

/** Compares without the prefix, which would make any two variables alike. */
function variableMeant(name: string): string {
  const nearest = nearestName(withoutPrefix(name), VARIABLES.map(withoutPrefix));
  return nearest === undefined ? '' : ` (did you mean 'ASSAY_${nearest}'?)`;
}

function withoutPrefix(variable: string): string {
  return variable.replace(/^ASSAY_/, '');
}
