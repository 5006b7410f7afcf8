import type { PlantActName } from '../contract/plant.ts';
import type { Means } from '../contract/vendor.ts';

/** What hands do at a door, in words for people. */
const deeds: Readonly<Record<PlantActName, string>> = {
  present: 'type a code',
  card: 'hold a card to the reader',
  turn: 'turn the bolt from inside',
  door: 'open and close the door',
  block: 'block the bolt',
  power: 'cut the power',
  shade: 'cut the lock off from its platform',
  stepClock: 'put the clock of the lock wrong',
  battery: 'drain the battery',
  enrol: 'enrol a code at the lock itself',
  erase: 'erase a code at the lock itself',
};
const isDeed = (what: string): what is PlantActName => what in deeds;

/** Where any of these hands would do: that there is none, and the next step. */
const noHand = (all: readonly string[]): string => {
  const what = all.map((one) => (isDeed(one) ? deeds[one] : one)).join(' or ');
  return `nobody here can ${what}: name a fixture that can in the target file, plant: { port: … }`;
};

const handOf = (means: Means): string | null => (means.startsWith('hand:') ? means.slice('hand:'.length) : null);

/** What is missing where there is none of these means, of which one is enough. */
export function missingMeans(eitherOf: readonly Means[]): string {
  const hands = eitherOf.flatMap((means) => handOf(means) ?? []);
  const rest = eitherOf.filter((means) => handOf(means) === null).map(otherText);
  return [...rest, ...(hands.length > 0 ? [noHand(hands)] : [])].join(', and ');
}

function otherText(means: Means): string {
  const [kind, what = ''] = means.split(':');
  if (kind === 'actor') return `no credentials for ${what}`;
  if (kind === 'weather') return `the way to the ${what} cannot be disturbed`;
  if (what === 'debug') return 'the target file says nothing of a debug port: debug: { port: … } or debug: { none: why }';
  if (what === 'device') return 'the lock’s own link is not in reach';
  if (kind === 'wire') return `the ${what} wire is not in reach`;
  return kind === 'travel' ? 'time cannot be moved' : 'the system cannot be started afresh';
}
