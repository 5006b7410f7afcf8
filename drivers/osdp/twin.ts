import type { Declaration } from '../../contract/declaration.ts';
import type { Twin } from '../../contract/vendor.ts';
import type { World } from '../../contract/world.ts';
import { decisions, isFault } from '../../simulators/decisions.ts';
import { createLock } from '../../simulators/lock/lock.ts';
import { createReader, type SimulatedReader } from '../../simulators/lock/reader.ts';
import { defaultKey } from './secure.ts';
import { readerFace } from './twin-reader.ts';

const keyBytes = 16;

/** A wired reader at a door, simulated: its output draws the bolt back, and its line is OSDP. There is no platform. */
export async function twin(world: World, declaration: Declaration, faults: readonly unknown[]): Promise<Twin> {
  const known = faults.filter(isFault);
  if (known.length < faults.length) throw new Error('what is not a fault was given as one');
  const decide = decisions(known, world.random.split('faults'));
  const lock = createLock({ world, declaration, serial: 'OSDP-1', decide });
  const chance = world.random.split('reader');
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => chance.below(256));
  const maxKept = declaration.limits.eventBuffer;
  let reader: SimulatedReader = createReader(lock, { key: bytes(keyBytes), defaultKey, clock: world.clock, maxKept }, decide);
  return {
    fetch: async () => new Response(null, { status: 404 }),
    fixture: {
      can: reader.fixture.can,
      sees: reader.fixture.sees,
      act: (act) => reader.fixture.act(act),
      look: () => reader.fixture.look(),
      watch: (heard) => lock.plant.watch(heard),
    },
    ownLine: (key, address = 0) => {
      reader = createReader(lock, { key, defaultKey, clock: world.clock, maxKept }, decide);
      return readerFace(reader.core, address, world.clock, bytes);
    },
    happen: async (weather) => {
      if (weather.on === 'lock' && (weather.happens === 'cut' || weather.happens === 'heal'))
        await reader.fixture.act({ act: 'shade', on: weather.happens === 'cut' });
    },
    access: {},
    locks: ['reader'],
    close: async () => undefined,
  };
}
