import type { Sight, SureFixture } from '../../contract/plant.ts';
import type { LockLink } from '../lock-link.ts';
import type { SimulatedLock } from './lock.ts';

/** The hands and sensors at a simulated lock, and the shade over its radio. */
export function fixtureOf(lock: SimulatedLock, link: LockLink): SureFixture {
  const look = (): Sight => {
    const { bolt, door } = lock.truth();
    return { bolt, door, keypad: null, opened: null };
  };
  return {
    can: new Set([...lock.plant.can, 'shade' as const]),
    sees: new Set(['bolt', 'door', 'keypad'] as const),
    act: async (act) => {
      if (act.act !== 'shade') return lock.plant.act(act);
      link.shade(act.on);
      return look();
    },
    look: async () => look(),
    watch: (heard) => lock.plant.watch(heard),
  };
}
