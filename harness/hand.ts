import type { Fixture, FixtureAct, Plant, PlantAct } from '../contract/plant.ts';
import type { Observation } from '../contract/vendor.ts';
import type { Secrets } from '../contract/secrets.ts';

function withDigits(act: PlantAct, secrets: Secrets): FixtureAct {
  switch (act.act) {
    case 'present':
    case 'card':
    case 'enrol':
    case 'erase':
      return { act: act.act, digits: secrets.digits(act.pin) };
    default:
      return act;
  }
}

/** The hand of a run: it knows codes by their symbols, the fixture that it works through by their digits. */
export const handOf = (fixture: Fixture, secrets: Secrets): Plant => ({
  can: fixture.can,
  sees: fixture.sees,
  ...(fixture.told && { told: fixture.told }),
  act: (act) => fixture.act(withDigits(act, secrets)),
  watch: (heard) => fixture.watch(heard),
  ...(fixture.caughtUp && { caughtUp: fixture.caughtUp }),
});

/**
 * A fixture at the door and a hand that the lock's own protocol has, as one: what stands at the door does all that it can, and
 * what it sees counts for more than what the lock says of itself.
 */
export function bothHands(door: Fixture | null, own: Fixture | null): Fixture | null {
  if (!door || !own) return door ?? own;
  // A keypad that the door has no hand for is not the one whose answer comes back.
  const isOwn = (seen: Observation): boolean => (seen === 'keypad' ? !door.can.has('present') : !door.sees.has(seen));
  return {
    ...door,
    can: new Set([...own.can, ...door.can]),
    sees: new Set([...own.sees, ...door.sees]),
    told: new Set([...(own.told ?? [])].filter(isOwn)),
    async act(act) {
      if (door.can.has(act.act)) return door.act(act);
      const deed = await own.act(act);
      if ('trouble' in deed || !door.sees.has('bolt')) return deed;
      const seen = await door.look();
      if ('trouble' in seen) return seen;
      const opened = deed.keypad === 'accepted' ? seen.bolt === 'unlocked' : deed.opened;
      // It lasted until the sensor was read: what that told on the way is part of it.
      const { when: _, ...done } = deed;
      return { ...done, bolt: seen.bolt, door: seen.door, opened };
    },
    look: () => (door.sees.has('bolt') ? door.look() : own.look()),
  };
}

/** Where nobody stands at the lock. */
export const nobody: Plant = {
  can: new Set(),
  sees: new Set(),
  act: () => Promise.reject(new Error('nobody stands at this lock')),
  watch: () => () => undefined,
};
