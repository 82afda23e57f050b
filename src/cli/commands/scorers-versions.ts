import type { Command } from 'commander';
import { type ScorerVersionsBody, scorerVersionsBody } from '../../contract/http/scorers.ts';
import { versionDiff } from '../../core/code-scorer/version-diff.ts';
import { AssayError } from '../../core/errors.ts';
import type { CliContext } from '../cli-context.ts';
import { addOptions, type CommonOptions } from '../command-options.ts';
import { listVersions } from '../describe-scorer.ts';
import { scorerPath } from '../scorer-path.ts';
import { openService, printAnswer, SERVICE_SETTINGS } from '../service-call.ts';

interface VersionsOptions extends CommonOptions {
  /** true without a range. */
  readonly diff?: string | true;
}

/** The numbers of two versions; undefined: the newest and the one before it. */
type Range = { readonly from: number; readonly to: number } | undefined;

/** `assay scorers versions NAME [--diff [FROM..TO]]` */
export function addVersionsCommand(scorers: Command, context: CliContext): void {
  const command = scorers
    .command('versions')
    .description('list the versions of a scorer, or show what changed from one to another')
    .argument('<name>', 'name of the scorer')
    .option('--diff [from..to]', 'what changed: in the newest version, or between these two');
  addOptions(command, SERVICE_SETTINGS).action(async (name: string, options: VersionsOptions) => {
    const { diff } = options;
    const range = typeof diff === 'string' ? parseRange(diff) : undefined;
    const { api, experimentPath } = await openService(command, context);
    const path = `${scorerPath(experimentPath, name)}/versions`;
    const answer = await api.get(path, scorerVersionsBody);
    if (diff === undefined) {
      await printAnswer(context, options, {
        answer,
        inWords: (body) => listVersions(body, context.stdout.columns),
      });
      return;
    }
    const compared = compare(name, answer.body, range);
    const text = JSON.stringify(compared);
    await printAnswer(context, options, {
      answer: { text, body: compared },
      inWords: (body) => (body.diff === '' ? describeSame(body) : body.diff),
    });
  });
}

function parseRange(text: string): Range {
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (from !== undefined && to !== undefined) return { from: Number(from), to: Number(to) };
  const message = `--diff takes two versions, such as 1..2, after the name of the scorer; got ${JSON.stringify(text)}`;
  throw new AssayError('COMMAND_INVALID', message);
}

interface Compared {
  readonly from: number;
  readonly to: number;
  /** Unified text; empty where the versions are the same. */
  readonly diff: string;
}

function compare(name: string, { versions }: ScorerVersionsBody, range: Range): Compared {
  const numbers = versions.map(({ version }) => version);
  const [before, newest] = numbers.slice(-2);
  if (range === undefined && newest === undefined) {
    const message = `scorer '${name}' has one version, so there is nothing to compare`;
    throw new AssayError('COMMAND_INVALID', message);
  }
  const find = (wanted: number | undefined) => {
    const found = versions.find(({ version }) => version === wanted);
    if (found !== undefined) return found;
    const message = `scorer '${name}' has no version ${wanted}; it has: ${numbers.join(', ')}`;
    throw new AssayError('SCORER_VERSION_NOT_FOUND', message, {
      context: { name, version: wanted, versions: numbers },
    });
  };
  const from = find(range === undefined ? before : range.from);
  const to = find(range === undefined ? newest : range.to);
  return { from: from.version, to: to.version, diff: versionDiff(from, to) };
}

function describeSame({ from, to }: Compared): string {
  return `versions ${from} and ${to} are the same\n`;
}
