import { join } from 'node:path';
import { loadTarget, type Target } from './target.ts';

/** The target files of a simulated reader, as they are shipped. */
export function osdpTarget(bench: 'twin' | 'soft'): Target {
  const loaded = loadTarget(join(import.meta.dirname, `../targets/osdp-${bench}.yaml`), {});
  if (loaded.kind !== 'ok') throw new Error(`the ${bench} target does not load`);
  return loaded.target;
}
