import type { Fixture, FixtureAct, Plant, PlantAct } from '../contract/plant.ts';
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
  act: (act) => fixture.act(withDigits(act, secrets)),
  watch: (heard) => fixture.watch(heard),
  ...(fixture.caughtUp && { caughtUp: fixture.caughtUp }),
});

/** Where nobody stands at the lock. */
export const nobody: Plant = {
  can: new Set(),
  sees: new Set(),
  act: () => Promise.reject(new Error('nobody stands at this lock')),
  watch: () => () => undefined,
};
