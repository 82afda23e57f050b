import { contentHash } from '../core/ids.ts';
import { decideLoad } from '../core/lifecycle/lifecycle.ts';
import type { Registry } from '../ports/registry.ts';
import type { ScorerRuntimes } from './compile-config.ts';

/**
 * At start: a module scorer whose code on this instance is not among its versions gets the next version,
 * with the running sampling configuration. So two states of the code never share a number.
 */
export async function registerLoadedVersions(
  ports: { readonly registry: Registry; readonly runtimes: ScorerRuntimes },
  author: string,
): Promise<void> {
  const { registry, runtimes } = ports;
  const { scorers } = await registry.snapshot();
  for (const { experimentId, name, kind, version, versions } of scorers) {
    const inForce = versions.find((each) => each.version === version);
    const definition = inForce && runtimes.get(kind)?.redefine(inForce.definition);
    if (definition === undefined) continue;
    const hash = contentHash(definition);
    if (versions.some((each) => each.contentHash === hash)) continue;
    await registry.change({
      experimentId,
      name,
      author,
      decide: (context) => decideLoad(context, { experimentId, name, definition }),
    });
  }
}
