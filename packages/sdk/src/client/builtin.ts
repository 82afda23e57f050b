import { deepFreeze } from '../deep-freeze.ts';
import type { JsonObject } from '../json.ts';
import { copyConfig } from '../scorer-config.ts';
import { ServiceScorer } from './service-scorer.ts';

/** The built-in scorers of the service. A newer service may have more. */
export type BuiltinName =
  | 'contains'
  | 'exact_match'
  | 'latency'
  | 'regex'
  | 'token_budget'
  | 'tool_call_match'
  | 'valid_json'
  | (string & {});

/**
 * A built-in scorer of the service, to be registered: `builtin('contains', { text: 'refund' })`. Settings are spelled
 * as the service spells them (`case_sensitive`); it checks them when the scorer is registered. Its name is that of the
 * built-in unless another is given here, or to `register`.
 */
export function builtin(
  kind: BuiltinName,
  config: JsonObject = {},
  options: { readonly name?: string } = {},
): ServiceScorer {
  const settings = deepFreeze(copyConfig(config));
  return new ServiceScorer({
    name: options.name ?? kind,
    definition: { kind: 'builtin', builtin: kind, config: settings },
    registration: null,
  });
}
