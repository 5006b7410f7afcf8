import { describe, expect, test } from 'vitest';
import type { Ability } from '../contract/declaration.ts';
import type { Ground } from './bench.ts';
import { faults } from './catalogue.ts';
import { ground } from './open.ts';
import { prove, worldOf } from './self-proof.ts';

/** Matter's words, from the judges down to a simulated lock that keeps its users itself: no false alarm, and what is wrong shows. */

const minuteMs = 60_000;
const node = await worldOf('node');
const all = await faults();

/** The same lock with another ability. */
const withAbility = (ability: Ability): Promise<Ground> => {
  const { declaration, ...rest } = node.target;
  return ground({ ...rest, declaration: { ...declaration, abilities: { ...declaration.abilities, [ability]: true } } });
};

/** What no Matter lock can have is missed by each of them, and is no more than a SHOULD. */
const missed = ['IDEM-004'];

describe('an honest lock fails nothing', () => {
  const options = { seed: 3, faults: [], apiOnly: false, budgetCommands: 1_000 };
  test.each([
    ['by unlocks that carry the code', async () => node],
    ['at its keypad', () => withAbility('local-credentials')],
  ])('%s', { timeout: 2 * minuteMs }, async (_name, place) => {
    const proof = await prove(await place(), options);
    const others = [...proof.verdicts].filter(([, { kind }]) => kind !== 'pass' && kind !== 'not-applicable');
    expect(others.map(([id, { kind }]) => [id, kind])).toEqual(missed.map((id) => [id, 'pass-with-observation']));
    expect(proof.verdicts.size).toBeGreaterThan(55);
    expect(proof.commands).toBeGreaterThan(5_000);
  });
});

/** A fault of the lock itself, and who sees it over Matter. Those of platforms have no place here, save whom they let do what. */
const seenBy = {
  'api-goes-on-without-remote': 'OFF-010',
  'api-opens-through-privacy': 'OFF-008',
  'clear-acknowledged-not-done': 'REV-009',
  'cleared-spell-begins': 'OFF-010',
  'clearing-takes-the-last-too': 'REV-006',
  'clock-never-set': 'TIME-001',
  'duress-credited-to-last-user': 'EVT-014',
  'duress-denied-at-keypad': 'EVT-014',
  'duress-does-not-open': 'EVT-014',
  'duress-told-of-every-code': 'EVT-014',
  'duress-untold': 'EVT-014',
  'each-use-begins-anew': 'TIME-015',
  'first-use-forgotten-with-power': 'TIME-015',
  'first-use-never-noted': 'TIME-015',
  'guess-never-given-up': 'STATE-006',
  'jam-reported-as-locked': 'EVT-007',
  'keypad-remembers-who-came-in': 'REV-009',
  'last-code-breaks-another': 'TIME-005',
  'lockout-ignored': 'LINK-001',
  'lockout-untold': 'EVT-007',
  'mode-acknowledged-not-set': 'OFF-010',
  'mode-forgotten-with-power': 'OFF-009',
  'no-way-out-with-flat-battery': 'OFF-006',
  'old-pin-back-with-power': 'REV-010',
  'old-table-after-power-cut': 'REV-001',
  'operator-administers': 'SCOPE-004',
  'operator-kept-out': 'SCOPE-005',
  'passage-never-ends': 'OFF-008',
  'passage-relocks': 'OFF-008',
  'power-cut-in-write-loses-another': 'TIME-004',
  'privacy-behind-drawn-bolt': 'OFF-009',
  'privacy-outlives-hand': 'OFF-009',
  'recurrence-by-utc': 'TIME-001',
  'relock-against-open-door': 'STATE-010',
  'relock-untold': 'EVT-008',
  'schedule-stored-not-enforced': 'TIME-001',
  'scope-words-ignored': 'SCOPE-002',
  'spell-kept-untold': 'OFF-010',
  'spell-never-ends': 'OFF-010',
  'spell-stored-not-kept': 'OFF-010',
  'spell-told-not-kept': 'OFF-010',
  'stated-time-cut-short': 'STATE-010',
  'stated-time-ignored': 'STATE-010',
  'stated-time-kept': 'STATE-010',
  'suspension-forgotten-with-power': 'REV-010',
  'time-from-creation-on': 'TIME-015',
  'timed-unlock-never-ends': 'STATE-010',
  'uses-never-counted': 'TIME-006',
  'weekday-off-by-one': 'TIME-016',
  'window-forgotten-with-power': 'REV-010',
} as const;

describe('what is wrong with the lock shows over Matter', () => {
  test.each(Object.entries(seenBy))('%s', { timeout: 2 * minuteMs }, async (name, id) => {
    const options = { seed: 1, apiOnly: false, budgetCommands: 3_000, early: true, only: [id] };
    const proof = await prove(node, { ...options, faults: all.filter((fault) => fault.name === name) });
    expect([...proof.detected.keys()]).toEqual([id]);
  });
});
