import { expect, test } from 'vitest';
import type { ClusterLink } from '../../contract/link.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';
import { attributes, eventOf } from './words.ts';

/** Locks that lack what the recorded one has, or are otherwise made, as the specification lets them be. */

const loaded = loadTarget(new URL('../../targets/matter-lock.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
const pins = { minDigits: 4, maxDigits: 8 };
const driver = (link: ClusterLink, seed: number) => {
  const { clock, run } = virtualClock({ startMs: 0, limitMs: 1e12 });
  return { run, api: connect({ clock, random: seededRandom(seed) }, link, runSecrets(seed, pins), declaration, 1) };
};

test('a lock that verifies no code in a command is not opened by one; a lock without codes or users has no commands for them', async () => {
  const link = (features: object): ClusterLink => ({
    ask: async () => ({ kind: 'reply', value: null }),
    told: new Map([[attributes.features, features]]),
    close: async () => undefined,
  });
  const remote = driver(link({ pinCredential: true, user: true, credentialOverTheAirAccess: true }), 1).api;
  const local = driver(link({ pinCredential: true, user: true, credentialOverTheAirAccess: false }), 1).api;
  expect([remote, local].map(({ hand }) => [...(hand?.can ?? []), ...(hand?.sees ?? [])])).toEqual([
    ['present', 'bolt', 'keypad'],
    ['bolt'],
  ]);
  expect(await local.hand?.act({ act: 'present', digits: '1234' })).toHaveProperty('trouble');
  const { clock } = virtualClock({ startMs: 0, limitMs: 1e12 });
  const bare = { ...declaration, abilities: { ...declaration.abilities, keypad: 'none', users: 'none' } };
  const { commands } = connect({ clock, random: seededRandom(1) }, link({}), runSecrets(1, pins), bare, 1);
  expect([...commands].filter((one) => /grant|user/i.test(one))).toEqual([]);
  expect(commands.has('unlock')).toBe(true);
});

test('a slow bolt is waited for, by a command and by a hand; where a call ends before it nothing is said to have failed', async () => {
  const { clock, run } = virtualClock({ startMs: 0, limitMs: 1e12 });
  let movesUntilMs = 0;
  const link: ClusterLink = {
    async ask({ asked: one }) {
      if (one.do === 'invoke') movesUntilMs = clock.nowMs() + 1_500;
      return { kind: 'reply', value: [{ attribute: attributes.lockState, value: clock.nowMs() < movesUntilMs ? 0 : 2 }] };
    },
    close: async () => undefined,
  };
  const driven = (callMs: number, operateMs: number) =>
    connect(
      { clock, random: seededRandom(1) },
      link,
      runSecrets(1, pins),
      { ...declaration, timing: { ...declaration.timing, callMs, operateMs } },
      1,
    );
  const unlock = { do: 'unlock', lock: '1' } as const;
  expect(await run(() => driven(2_000, 2_000).perform('owner', unlock))).toMatchObject({ value: { state: 'done' } });
  const deed = await run(async () => driven(2_000, 2_000).hand?.act({ act: 'present', digits: '1234' }));
  expect(deed).toMatchObject({ keypad: 'accepted', bolt: 'unlocked', opened: true });
  expect(await run(() => driven(1_000, 3_000).perform('owner', unlock))).toMatchObject({ kind: 'lost', trouble: 'late' });
});

test('a lock that wants a PIN for remote operations is operated by a code of our own, of which nothing stays and nothing is told', async () => {
  const asked: string[] = [];
  const users = new Map<number, object>();
  const set = new Set<string>();
  const places: number[] = [];
  const link: ClusterLink = {
    async ask({ asked: one }) {
      if (one.do !== 'invoke') return { kind: 'reply', value: [{ attribute: attributes.lockState, value: 2 }] };
      const { command, fields } = one;
      asked.push(command);
      const index = Number(fields['userIndex']);
      if (command === 'setUser') users.set(index, { ...fields, credentials: [] });
      if (command === 'clearUser') users.delete(index);
      if (command === 'setCredential') places.push(index, Number(Object(fields['credential']).credentialIndex));
      if (command === 'getUser') return { kind: 'reply', value: { userStatus: null, ...users.get(index), userIndex: index } };
      if (command === 'setCredential') set.add(String(fields['credentialData']));
      if (command === 'unlockDoor' && !set.has(String(fields['pinCode'])))
        return { kind: 'status', status: 1, clusterStatus: null };
      return { kind: 'reply', value: { status: 0, credentialExists: false } };
    },
    told: new Map<number, unknown>([
      [attributes.requiresPin, true],
      [attributes.users, 3],
      [attributes.pinUsers, 3],
    ]),
    close: async () => undefined,
  };
  const { run, api } = driver(link, 1);
  expect(await run(() => api.perform('owner', { do: 'unlock', lock: '1' }))).toMatchObject({ value: { state: 'done' } });
  expect(asked.filter((one) => one !== 'getUser').slice(-4)).toEqual([
    'getCredentialStatus',
    'setCredential',
    'unlockDoor',
    'clearUser',
  ]);
  expect([users.size, places]).toEqual([0, [3, 3]]);
  const own = {
    isCarrier: () => true,
    user: String,
    grant: String,
    isOwn: () => true,
    isOwnCode: () => true,
  };
  const credentials = [{ credentialType: 1, credentialIndex: 9 }];
  const act = { lockOperationType: 1, operationSource: 7, userIndex: 3, fabricIndex: 1, credentials };
  expect(eventOf({ event: 2, number: 3n, value: act }, '1', own)).toMatchObject({
    verb: 'lock.unlocked',
    method: 'remote',
    user: null,
    grant: null,
    integration: 'fabric-1',
  });
  const change = { lockDataType: 6, dataOperationType: 0, userIndex: 3, dataIndex: 9 };
  expect(eventOf({ event: 4, number: 4n, value: change }, '1', own)?.verb).toBe('detail');
});

test('a window asks for no kind of schedule and no type of user that a lock may lack', async () => {
  const has: Record<string, unknown> = { userIndex: 1, userStatus: null, credentials: [] };
  const schedule: Record<string, unknown> = { status: 0x8b };
  const refused: string[] = [];
  const answerTo = (command: string, fields: Readonly<Record<string, unknown>>): object => {
    if (command === 'setUser') Object.assign(has, Object.fromEntries(Object.entries(fields).filter(([, one]) => one !== null)));
    if (command === 'setCredential') has['credentials'] = [fields['credential']];
    if (command === 'setYearDaySchedule') Object.assign(schedule, fields, { status: 0 });
    if (command === 'getYearDaySchedule') return schedule;
    return command === 'getUser' ? has : { status: 0, credentialExists: false };
  };
  const link: ClusterLink = {
    async ask({ asked: one }) {
      if (one.do !== 'invoke') return { kind: 'reply', value: [{ attribute: 5, value: 1 }] };
      const isAbsent = one.command.includes('WeekDay') || [1, 2].includes(Number(one.fields['userType'] ?? 0));
      if (isAbsent) refused.push(one.command);
      if (isAbsent) return { kind: 'status', status: 0x81, clusterStatus: null };
      return { kind: 'reply', value: answerTo(one.command, one.fields) };
    },
    told: new Map([[attributes.features, { user: true, pinCredential: true, yearDayAccessSchedules: true }]]),
    close: async () => undefined,
  };
  const { run, api } = driver(link, 1);
  const window = { startMs: 1_800_000_000_000, endMs: 1_800_000_600_000, zone: 'Etc/UTC', recurrence: null };
  const grant = {
    do: 'createGrant',
    grant: 'g',
    user: null,
    lock: '1',
    name: 'lp-g',
    pin: 'plain1',
    window,
    uses: null,
  } as const;
  const answer = await run(() => api.perform('owner', grant));
  expect([answer.kind, refused]).toEqual(['ok', []]);
  expect(answer).toMatchObject({ value: { window } });
});
