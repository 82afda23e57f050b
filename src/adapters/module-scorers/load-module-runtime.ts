import { AssayError } from '../../core/errors.ts';
import type { ScorerRuntime } from '../../ports/scorer-runtime.ts';
import { hashCode } from './code-hash.ts';
import { createModuleRuntime } from './create-module-runtime.ts';
import { findScorers } from './find-scorers.ts';
import { type ImportedFile, importScorerFile } from './import-scorer-file.ts';
import type { ModuleScorer } from './module-scorer.ts';
import { ScorerFileError } from './scorer-file-error.ts';

export interface ModuleRuntimeOptions {
  /** ASSAY_SCORERS: module files, relative to the working directory. */
  readonly files: readonly string[];
  /** The process's own where absent. */
  readonly workingDirectory?: string;
}

/**
 * Imports the operator's scorers, which runs their code in this process, and makes the runtime for them.
 * Throws one CONFIG_INVALID that names every file that cannot be used, the reason and what to do.
 */
export async function loadModuleRuntime({
  files,
  workingDirectory = process.cwd(),
}: ModuleRuntimeOptions): Promise<ScorerRuntime> {
  const loaded = new Map<string, ModuleScorer>();
  const paths = new Set<string>();
  const problems: string[] = [];
  // One after the other: what modules do at import happens in the order of the files.
  for (const file of files) {
    try {
      const imported = await importScorerFile(file, workingDirectory);
      // Named twice, perhaps by two paths.
      if (paths.has(imported.path)) continue;
      paths.add(imported.path);
      for (const scorer of await scorersOf(imported)) addTo(loaded, scorer);
    } catch (error) {
      if (!(error instanceof ScorerFileError)) throw error;
      problems.push(`${file} ${error.message}`);
    }
  }
  if (problems.length > 0) throw toConfigError(problems);
  return createModuleRuntime([...loaded.values()]);
}

async function scorersOf({ file, path, exports }: ImportedFile): Promise<readonly ModuleScorer[]> {
  const found = findScorers(exports);
  const codeHash = await hashCode(path);
  return found.map((scorer) => ({ ...scorer, file, codeHash }));
}

function addTo(loaded: Map<string, ModuleScorer>, scorer: ModuleScorer): void {
  const other = loaded.get(scorer.name);
  if (other !== undefined) {
    throw new ScorerFileError(
      `has a scorer named '${scorer.name}', and so has ${other.file}; give one of them another name`,
    );
  }
  loaded.set(scorer.name, scorer);
}

function toConfigError(problems: readonly string[]): AssayError {
  const message =
    problems.length === 1
      ? `ASSAY_SCORERS: ${problems[0]}`
      : `ASSAY_SCORERS has ${problems.length} mistakes:\n${problems.map((each) => `  ${each}`).join('\n')}`;
  return new AssayError('CONFIG_INVALID', message, { context: { problems } });
}
