import type { Plant, PlantAct } from '../../contract/plant.ts';
import type { Secrets } from '../../contract/secrets.ts';
import type { LockLink } from '../lock-link.ts';
import type { LockAct, SimulatedLock } from './lock.ts';

function resolved(act: Exclude<PlantAct, { act: 'shade' }>, secrets: Secrets): LockAct {
  switch (act.act) {
    case 'present':
    case 'enrol':
    case 'erase':
      return { act: act.act, digits: secrets.digits(act.pin) };
    default:
      return act;
  }
}

/** The hands and sensors at a simulated lock: codes by their symbols, and the shade over its radio. */
export function plantOf(lock: SimulatedLock, secrets: Secrets, link: LockLink): Plant {
  return {
    can: new Set([...lock.plant.can, 'shade' as const]),
    sees: new Set(['bolt', 'door', 'keypad'] as const),
    act: async (act) => {
      if (act.act !== 'shade') return lock.plant.act(resolved(act, secrets));
      link.shade(act.on);
      const { bolt, door } = lock.truth();
      return { bolt, door, keypad: null, opened: null };
    },
    watch: (heard) => lock.plant.watch(heard),
  };
}
