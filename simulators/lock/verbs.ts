import type { EventVerb } from '../../contract/event.ts';
import type { LockRecord } from './port.ts';

/** What the lock's own words mean in the contract's. */
export const recordVerbs: Readonly<Record<LockRecord['what'], EventVerb>> = {
  locked: 'lock.locked',
  unlocked: 'lock.unlocked',
  jammed: 'lock.jammed',
  denied: 'lock.denied',
  duress: 'lock.duress',
  lockout: 'lock.lockout',
  'lockout-ended': 'lock.lockout-ended',
  'door-opened': 'door.opened',
  'door-closed': 'door.closed',
  'battery-low': 'lock.battery-low',
  'battery-ok': 'lock.battery-ok',
  restarted: 'lock.restarted',
  'clock-set': 'lock.clock-changed',
  'code-added': 'code.added-outside',
  'code-removed': 'code.removed-outside',
  'code-spent': 'grant.spent',
  firmware: 'lock.firmware-changed',
  mode: 'lock.mode',
};
