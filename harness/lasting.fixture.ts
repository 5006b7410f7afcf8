import { fromRfc3339 } from '../contract/rfc3339.ts';
import type { Twin } from '../contract/vendor.ts';
import type { World } from '../contract/world.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { digitsOf, type Ground, join, type Parts } from './bench.ts';
import { runSecrets } from './secrets.ts';

const startMs = fromRfc3339('2026-03-02T08:00:00Z') ?? 0;

/** A simulated lock that outlives its runs, as one at a door does, in virtual time. */
export async function lasting(
  parts: Parts,
  make: (world: World) => Promise<Twin>,
): Promise<Ground & { readonly twin: Twin; readonly drive: <T>(main: () => Promise<T>) => Promise<T> }> {
  const { clock, run } = virtualClock({ startMs, limitMs: 1e12 });
  const twin = await run(make({ clock, random: seededRandom(1) }));
  const travel = async (byMs: number): Promise<null> => {
    await clock.sleep(byMs);
    return null;
  };
  return {
    ...parts,
    twin,
    drive: run,
    fresh: false,
    notes: new Set(),
    async open(options) {
      const secrets = runSecrets(options.seed, digitsOf(parts.target), 'lasting');
      const { bench, api } = join(parts, {
        world: { clock, random: seededRandom(options.seed) },
        twin: { ...twin, close: async () => undefined },
        links: twin.cluster ? { cluster: twin.cluster } : {},
        travel,
        secrets,
        options,
        fixture: twin.fixture,
        wires: [],
      });
      return { bench: { ...bench, fresh: false }, api, secrets, feedEnd: { cursor: null }, drive: run };
    },
    check: async () => null,
    close: () => twin.close(),
  };
}
