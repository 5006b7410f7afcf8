import { expect, test } from 'vitest';
import type { Command } from '../../contract/command.ts';
import type { PlantAct } from '../../contract/plant.ts';
import type { Weather } from '../../contract/weather.ts';
import { answeredText, eventText } from './answered.ts';
import { askedText } from './asked.ts';
import { actText, sightText, weatherText } from './door.ts';

const stay = {
  startMs: 3_600_000,
  endMs: 90_000_000,
  zone: 'Europe/Copenhagen',
  recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,TU', from: '09:00', to: '17:00' },
} as const;

test.for<readonly [Command, string]>([
  [{ do: 'identify' }, 'asks who it is to the platform.'],
  [{ do: 'listLocks' }, 'lists the locks.'],
  [{ do: 'readLock', lock: 'door' }, 'reads the state of door.'],
  [{ do: 'unlock', lock: 'door', key: 'k1' }, 'asks to unlock door, retry key k1.'],
  [{ do: 'readOperation', operation: 'newest' }, 'asks how the operation newest went.'],
  [{ do: 'addUser', user: 'u1', name: 'Zoë' }, 'adds user u1, named “Zoë”.'],
  [{ do: 'readUser', user: 'u1' }, 'reads user u1.'],
  [{ do: 'removeUser', user: 'u1' }, 'removes user u1.'],
  [{ do: 'renameUser', user: 'u1', name: '' }, 'renames user u1 to “(empty)”.'],
  [{ do: 'listUsers' }, 'lists the users.'],
  [
    { do: 'createGrant', grant: 'g1', user: 'u1', lock: 'door', name: 'n', pin: 'zero2', window: stay, uses: 3 },
    'grants g1 to u1 on door: PIN zero2, open from +1 h until +1 d 1 h, each Mon, Tue 09:00–17:00 (Europe/Copenhagen), 3 uses.',
  ],
  [{ do: 'readGrant', grant: 'g1' }, 'reads grant g1.'],
  [{ do: 'revokeGrant', grant: 'g1' }, 'revokes grant g1.'],
  [
    { do: 'changeGrant', grant: 'g1', change: { suspended: true, uses: null } },
    'changes grant g1: uses without limit, suspended.',
  ],
  [{ do: 'listGrants', lock: 'door' }, 'lists the grants on door.'],
  [{ do: 'readEvents', after: null }, 'reads the event feed.'],
  [{ do: 'refresh', spent: true }, 'presents a refresh token that is already spent.'],
  [{ do: 'unlock', lock: 'door', forMs: 5_000 }, 'asks to unlock door for 5 s.'],
  [{ do: 'setMode', lock: 'door', mode: 'no-remote' }, 'sets door to the mode no-remote.'],
  [
    { do: 'scheduleMode', lock: 'door', mode: 'vacation', startMs: 5_000, endMs: 9_000 },
    'sets door to the mode vacation from +5 s until +9 s.',
  ],
  [{ do: 'clearModes', lock: 'door' }, 'takes the modes that are set for a time away from door.'],
  [{ do: 'replaceLock', lock: 'door' }, 'has the lock door replaced by a new one.'],
  [
    { do: 'installFirmware', lock: 'door', version: '5', image: 'unsigned' },
    'installs firmware 5 on door from an unsigned image.',
  ],
  [{ do: 'probe', on: 'addUser', shape: 'deep', lock: 'door' }, 'sends a malformed body (deep) to addUser.'],
])('%j is told', ([command, rest]) => {
  expect(askedText('second', command, 0)).toBe(`A second integration ${rest}`);
});

test.for<readonly [PlantAct, string]>([
  [
    { act: 'present', pin: 'plain1' },
    'A hand enters PIN plain1 at the keypad. Seen: The keypad denies, the lock stays shut, the bolt is locked.',
  ],
  [{ act: 'turn', to: 'locked' }, 'A hand turns the thumb-turn to locked. Seen: The bolt is locked.'],
  [{ act: 'door', to: 'open' }, 'A hand opens the door. Seen: The bolt is locked, the door is open.'],
  [{ act: 'power', on: false }, 'The lock loses its power. Seen: The bolt is locked.'],
  [{ act: 'block', on: true }, 'The bolt is blocked. Seen: '],
  [{ act: 'shade', on: true }, 'The radio of the lock is shaded. Seen: '],
  [{ act: 'stepClock', byMs: -7_200_000 }, 'The clock of the lock is set back by 2 h. Seen: '],
  [{ act: 'battery', percent: 4 }, 'The battery of the lock stands at 4 %. Seen: '],
  [{ act: 'enrol', pin: 'filler0' }, 'A hand sets PIN filler0 at the lock itself. Seen: '],
  [{ act: 'erase', pin: 'filler0' }, 'A hand erases PIN filler0 at the lock itself. Seen: '],
])('%j is told', ([act, text]) => {
  const seen = sightText(act, { bolt: 'locked', door: 'open', keypad: 'denied', opened: false });
  expect(`${actText(act)} Seen: ${seen}`).toBe(text);
});

test('where a command brings the code, nobody is said to stand at a keypad', () => {
  const act = { act: 'present', pin: 'plain1' } as const;
  expect(actText(act, true)).toBe('An unlock command carries PIN plain1.');
  const seen = { bolt: 'unlocked', door: null, keypad: 'accepted', opened: true } as const;
  expect(sightText(act, seen, true)).toBe('The lock accepts, the lock opens, the bolt is unlocked.');
  for (const [keypad, text] of [
    ['denied', 'The lock denies.'],
    ['dead', 'The lock does not answer.'],
  ] as const)
    expect(sightText(act, { bolt: null, door: null, keypad, opened: null }, true)).toBe(text);
});

test.for<readonly [Weather, string]>([
  [{ on: 'platform', happens: 'restart' }, 'The platform restarts.'],
  [{ on: 'lock', happens: 'cut' }, 'The link between platform and lock is cut.'],
  [{ on: 'api', happens: 'heal' }, 'The link between integration and platform is whole.'],
  [
    { on: 'api', happens: 'lose-request', next: 1 },
    'Lost between integration and platform: the next request, before it takes effect.',
  ],
  [{ on: 'lock', happens: 'repeat', next: 2 }, 'Delivered twice between platform and lock: the next 2 requests.'],
  [
    { on: 'api', happens: 'delay', next: 1, delayMs: 1_500 },
    'Delayed between integration and platform by 1.5 s: the next request.',
  ],
])('%j is told', ([weather, text]) => {
  expect(weatherText(weather)).toBe(text);
});

test('an event keeps the word of the platform where the vocabulary has none, and a gap its bounds', () => {
  const event = {
    id: 'e1',
    verb: 'unknown',
    rawType: 'lock.sang\u202e',
    lock: 'l',
    user: 'x1',
    grant: null,
    integration: null,
    method: 'pin',
    deviceMs: 2_000,
    platformMs: 3_000,
    confirmed: false,
    about: null,
    gap: { fromMs: 1_000, toMs: 2_000 },
  } as const;
  const scene = { startMs: 0, byCommand: false, nameOf: (id: string) => (id === 'x1' ? 'u1' : id) };
  expect(eventText(event, scene)).toBe(
    'unknown kind “lock.sang” by PIN, user u1, at the lock +2 s, assumed, lost between +1 s and +2 s',
  );
  const facts = { tookMs: 5, tries: 3, status: 200, secretsSeen: [], wireFaults: [], rate: null };
  expect(answeredText({ kind: 'ok', value: { items: [], cursor: null }, confirmed: true, facts }, scene)).toEqual({
    text: 'The platform says: the list is empty.',
    detail: '5 ms, status 200, 3 tries',
  });
});
