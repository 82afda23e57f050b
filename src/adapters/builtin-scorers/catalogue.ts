import type { Builtin } from './builtin.ts';
import { contains } from './contains.ts';
import { exactMatch } from './exact-match.ts';
import { latency } from './latency.ts';
import { regex } from './regex.ts';
import { tokenBudget } from './token-budget.ts';
import { toolCallMatch } from './tool-call-match.ts';
import { validJson } from './valid-json.ts';

/** Every built-in. Each answers true or false with a rationale, or that it is not applicable. */
export const BUILTINS: readonly Builtin[] = [
  exactMatch,
  contains,
  regex,
  validJson,
  latency,
  tokenBudget,
  toolCallMatch,
];
