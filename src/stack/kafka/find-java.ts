import { runTool } from '../run-tool.ts';

const MIN_VERSION = 17;

export type Java =
  | { readonly kind: 'found'; readonly version: string }
  | { readonly kind: 'missing'; readonly reason: string };

/** Looks for a `java` on the PATH that can run Kafka 4. */
export async function findJava(signal?: AbortSignal): Promise<Java> {
  const result = await runTool('java', ['-version'], signal === undefined ? {} : { signal });
  const version =
    result.kind === 'ended' && result.code === 0
      ? /version "([^"]+)"/.exec(result.output)?.[1]
      : undefined;
  if (version === undefined) {
    return { kind: 'missing', reason: `there is no Java ${MIN_VERSION} or newer on the PATH` };
  }
  // Up to version 8 they were called 1.x.
  const major = Number.parseInt(version.replace(/^1\./, ''), 10);
  if (major >= MIN_VERSION) return { kind: 'found', version };
  return {
    kind: 'missing',
    reason: `the Java on the PATH is ${version}, Kafka needs ${MIN_VERSION} or newer`,
  };
}
