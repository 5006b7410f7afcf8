import type { PlantAct, Sight } from '../../contract/plant.ts';
import type { Weather } from '../../contract/weather.ts';
import { span } from '../moment.ts';
import { pinName } from './asked.ts';

/** What a hand does at the lock. `byCommand`: nobody stands at a keypad, and a command brings the code. */
export function actText(act: PlantAct, byCommand = false): string {
  switch (act.act) {
    case 'present':
      return byCommand ? `An unlock command carries ${pinName(act.pin)}.` : `A hand enters ${pinName(act.pin)} at the keypad.`;
    case 'card':
      return `A card with the number of ${pinName(act.pin)} is held to the reader.`;
    case 'turn':
      return `A hand turns the thumb-turn to ${act.to}.`;
    case 'door':
      return act.to === 'open' ? 'A hand opens the door.' : 'A hand closes the door.';
    case 'block':
      return act.on ? 'The bolt is blocked.' : 'The bolt is free again.';
    case 'power':
      return act.on ? 'The lock has power again.' : 'The lock loses its power.';
    case 'shade':
      return act.on ? 'The radio of the lock is shaded.' : 'The radio of the lock is free again.';
    case 'stepClock':
      return `The clock of the lock is set ${act.byMs < 0 ? 'back' : 'forward'} by ${span(Math.abs(act.byMs))}.`;
    case 'battery':
      return `The battery of the lock stands at ${act.percent} %.`;
    case 'enrol':
      return `A hand sets ${pinName(act.pin)} at the lock itself.`;
    case 'erase':
      return `A hand erases ${pinName(act.pin)} at the lock itself.`;
  }
}

const keypadWords: Readonly<Record<NonNullable<Sight['keypad']>, string>> = {
  accepted: 'the keypad accepts',
  denied: 'the keypad denies',
  'locked-out': 'the keypad is locked out',
  dead: 'the keypad is dead',
};
const answerWords: typeof keypadWords = {
  accepted: 'the lock accepts',
  denied: 'the lock denies',
  'locked-out': 'the lock is locked out',
  dead: 'the lock does not answer',
};

/** Acts after which the sensors say nothing new; a bolt that moves by itself has an entry of its own. */
const still: readonly PlantAct['act'][] = ['block', 'shade', 'stepClock', 'battery', 'enrol', 'erase'];

const boltWord = (bolt: NonNullable<Sight['bolt']>): string => (bolt === 'between' ? 'stands between' : `is ${bolt}`);

/** What the sensors see then; empty where nobody looks or nothing moves. */
export function sightText(act: PlantAct, sight: Sight, byCommand = false): string {
  if (still.includes(act.act)) return '';
  const presented = act.act === 'present';
  const parts = [
    presented && sight.keypad !== null ? (byCommand ? answerWords : keypadWords)[sight.keypad] : '',
    presented && sight.opened !== null ? (sight.opened ? 'the lock opens' : 'the lock stays shut') : '',
    sight.bolt === null ? '' : `the bolt ${boltWord(sight.bolt)}`,
    act.act === 'door' && sight.door !== null ? `the door is ${sight.door}` : '',
  ].filter(Boolean);
  const text = parts.join(', ');
  return text && `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A bolt that moved with nobody's hand on it. */
export const motionText = (bolt: NonNullable<Sight['bolt']>): string =>
  bolt === 'between' ? 'The bolt stops between its ends.' : `The bolt moves to ${bolt}.`;

const ways = { api: 'between integration and platform', lock: 'between platform and lock' } as const;
const many = (count: number, one: string): string => (count === 1 ? `the next ${one}` : `the next ${count} ${one}s`);

/** What the network or the platform's machines suffer: never a defect of the target. */
export function weatherText(weather: Weather): string {
  if (weather.on === 'platform') return 'The platform restarts.';
  const way = ways[weather.on];
  switch (weather.happens) {
    case 'cut':
      return `The link ${way} is cut.`;
    case 'heal':
      return `The link ${way} is whole.`;
    case 'lose-request':
      return `Lost ${way}: ${many(weather.next, 'request')}, before it takes effect.`;
    case 'lose-answer':
      return `Lost ${way}: ${many(weather.next, 'answer')}, after it took effect.`;
    case 'repeat':
      return `Delivered twice ${way}: ${many(weather.next, 'request')}.`;
    case 'delay':
      return `Delayed ${way} by ${span(weather.delayMs)}: ${many(weather.next, 'request')}.`;
  }
}
