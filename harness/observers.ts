import type { Plant } from '../contract/plant.ts';
import type { Observation } from '../contract/vendor.ts';

/** What stands in a sensor's place where the lock itself answers a command. */
const inPlace: Readonly<Record<Observation, string>> = {
  keypad: 'presentation by an unlock command that carries the PIN',
  bolt: 'bolt as the lock itself tells it',
  door: 'door as the lock itself tells it',
};

/** By what the lock is observed, in words for people. Empty: only the API. */
export const observersOf = ({ sees, told }: Pick<Plant, 'sees' | 'told'>): readonly string[] =>
  [...sees].map((one) => (told?.has(one) ? inPlace[one] : `${one} sensor`));
