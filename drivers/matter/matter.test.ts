import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runSecrets } from '../../harness/secrets.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import type { ClusterLink } from '../../contract/link.ts';
import type { LockApi } from '../../contract/lock.ts';
import { connect } from './api.ts';
import { player, read, type RecordedStep, type Recording } from './recording.ts';
import { scheduleOf, windowOfWeekDay, windowOfYearDay } from './windows.ts';
import { undeclared } from './declared.ts';
import { attributes, eventOf, uniqueIdOf } from './words.ts';

const loaded = loadTarget(new URL('../../targets/matter-lock.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- written by scripts/record-matter.ts
const recording = read(readFileSync(new URL('vectors/matter-js.json', import.meta.url), 'utf8')) as Recording;
const pins = { minDigits: 4, maxDigits: 8 };

const driver = (link: ClusterLink, seed: number) => {
  const { clock, run } = virtualClock({ startMs: 0, limitMs: 1e12 });
  return { run, api: connect({ clock, random: seededRandom(seed) }, link, runSecrets(seed, pins), declaration, 1) };
};

/** The driver's answer to a step, or what came of its presentation, as it is recorded. */
async function answered(api: LockApi, fabric: RecordedStep['fabric'], command: RecordedStep['command']): Promise<unknown> {
  if (command.do !== 'present') {
    const { facts: _, ...said } = await api.perform(fabric, command);
    return said;
  }
  const deed = await api.hand?.act({ act: 'present', digits: runSecrets(recording.seed, pins).digits(command.pin) });
  return deed && 'keypad' in deed ? { keypad: deed.keypad, bolt: deed.bolt, opened: deed.opened } : deed;
}

test(`what ${recording.stack} said on ${recording.recorded} is asked for in the same words and read in the same way`, async () => {
  const exchanges = recording.steps.flatMap((step) => step.exchanges);
  const { link, left } = player(exchanges);
  const { run, api } = driver(link, recording.seed);
  await run(async () => {
    for (const { fabric, command, answer } of recording.steps) {
      expect({ command: command.do, answer: await answered(api, fabric, command) }).toEqual({ command: command.do, answer });
    }
  });
  expect(left()).toBe(0);
});

test('a lock that says anything at all is no reason to throw', async () => {
  const replies = fc.oneof(
    fc.record({ kind: fc.constant('reply' as const), value: fc.anything() }),
    fc.record({ kind: fc.constant('status' as const), status: fc.nat(255), clusterStatus: fc.option(fc.nat(255)) }),
  );
  const commands = recording.steps.flatMap(({ command }) => (command.do === 'present' ? [] : [command]));
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...commands), fc.array(replies, { minLength: 1, maxLength: 6 }), async (command, said) => {
      let no = 0;
      const link: ClusterLink = {
        ask: async () => said[no++ % said.length] ?? { kind: 'reply', value: null },
        close: async () => undefined,
      };
      const { run, api } = driver(link, 1);
      const answer = await run(() => api.perform('owner', command));
      expect(['ok', 'refused', 'lost']).toContain(answer.kind);
    }),
    { numRuns: 300 },
  );
});

test('a lock that is silent is lost within the declared time', async () => {
  const link: ClusterLink = { ask: () => new Promise(() => undefined), close: async () => undefined };
  const { run, api } = driver(link, 1);
  const answer = await run(() => api.perform('owner', { do: 'unlock', lock: '1' }));
  expect(answer).toMatchObject({ kind: 'lost', trouble: 'late' });
  expect(answer.facts.tookMs).toBeLessThan(declaration.timing.callMs);
});

test('a window without its code is never left open: the schedule is set before the PIN, and taken back when that is refused', async () => {
  const asked: string[] = [];
  const users = new Map<number, object>();
  const link: ClusterLink = {
    async ask({ asked: one }) {
      if (one.do !== 'invoke') return { kind: 'reply', value: [{ attribute: 5, value: 1 }] };
      asked.push(one.command);
      const index = Number(one.fields['userIndex']);
      if (one.command === 'setUser' && one.fields['operationType'] === 0) users.set(index, one.fields);
      if (one.command === 'getUser')
        return { kind: 'reply', value: { userStatus: null, credentials: [], ...users.get(index), userIndex: index } };
      return { kind: 'reply', value: one.command === 'setCredential' ? { status: 2 } : { credentialExists: false } };
    },
    close: async () => undefined,
  };
  const { run, api } = driver(link, 1);
  const window = { startMs: 1_800_000_000_000, endMs: 1_800_000_600_000, zone: 'Etc/UTC', recurrence: null };
  const command = {
    do: 'createGrant',
    grant: 'g',
    user: null,
    lock: '1',
    name: 'lp-g',
    pin: 'plain1',
    window,
    uses: null,
  } as const;
  const answer = await run(() => api.perform('owner', command));
  expect(answer).toMatchObject({ kind: 'refused', reason: { class: 'conflict', code: 'DUPLICATE' } });
  expect(asked.indexOf('setYearDaySchedule')).toBeLessThan(asked.indexOf('setCredential'));
  expect(asked.at(-1)).toBe('clearUser');
});

test('windows and schedules are the same in local time, whatever the zone', () => {
  const instant = fc
    .integer({ min: 1_000_000, max: 2_000_000 })
    .map((minutes) => minutes * 60_000 + 1_700_000_000_000 - (1_700_000_000_000 % 60_000));
  fc.assert(
    // None in which an hour is there twice: that has one spelling for two instants.
    fc.property(fc.constantFrom('Etc/UTC', 'Asia/Kolkata', 'America/Phoenix'), instant, instant, (zone, a, b) => {
      const window = { startMs: Math.min(a, b), endMs: Math.max(a, b) + 60_000, zone, recurrence: null };
      const schedule = scheduleOf(window, zone);
      expect(schedule?.weekDay).toBeNull();
      expect(windowOfYearDay({ ...schedule?.yearDay }, zone)).toEqual(window);
    }),
  );
  const weekly = {
    startMs: null,
    endMs: null,
    zone: 'Etc/UTC',
    recurrence: { rule: 'FREQ=WEEKLY;BYDAY=MO,FR', from: '08:00', to: '17:30' },
  };
  const schedule = scheduleOf(weekly, 'Etc/UTC');
  expect(schedule).toMatchObject({ yearDay: null, weekDay: { daysMask: 0b0100010 } });
  expect(windowOfWeekDay({ ...schedule?.weekDay }, 'Etc/UTC')).toEqual(weekly);
  expect(scheduleOf({ ...weekly, endMs: 1_800_000_000_000 }, 'Etc/UTC')).toMatchObject({ yearDay: {}, weekDay: {} });
  const overnight = { ...weekly, recurrence: { ...weekly.recurrence, from: '22:00', to: '06:00' } };
  expect(scheduleOf(overnight, 'Etc/UTC')).toBeNull();
});

const ids = {
  isCarrier: () => false,
  isOwn: () => false,
  isOwnCode: () => false,
  user: (index: number) => `user-${index}`,
  grant: (index: number) => `pin-${index}`,
};

test('events that no version of the cluster has keep their own name', () => {
  const seen = eventOf({ event: 9, number: 3n, epochMs: 5n, value: {} }, '1', ids);
  expect(seen).toMatchObject({ id: '3', verb: 'unknown', rawType: 'Event9', deviceMs: 5 });
  expect(eventOf('nothing', '1', ids)).toBeNull();
});

test('a pulled latch is told beside the unlocking, and is no second one', () => {
  const verbs = [1, 4].map(
    (lockOperationType) => eventOf({ event: 2, number: 3n, value: { lockOperationType } }, '1', ids)?.verb,
  );
  expect(verbs).toEqual(['lock.unlocked', 'detail']);
  const stuck = { event: 3, number: 4n, value: { lockOperationType: 4, operationError: 0 } };
  expect(eventOf(stuck, '1', ids)?.verb).toBe('detail');
});

test('a declaration that says something else than the lock is told, each difference', () => {
  const whole = {
    pinCredential: true,
    credentialOverTheAirAccess: true,
    user: true,
    yearDayAccessSchedules: true,
    weekDayAccessSchedules: true,
    holidaySchedules: true,
  };
  const lock = new Map<number, unknown>([
    [attributes.users, 50],
    [attributes.lockoutSeconds, 3],
    [attributes.lastsMinutes, 1],
    [attributes.features, whole],
  ]);
  expect(undeclared(lock, declaration)).toEqual([]);
  const { limits } = declaration;
  const strict = new Map(lock).set(attributes.wrongCodes, limits.wrongCodes);
  const patient = (wrongCodes: number) => undeclared(strict, { ...declaration, limits: { ...limits, wrongCodes } });
  expect([patient(limits.wrongCodes + 1), patient(limits.wrongCodes + 2).length]).toEqual([[], 1]);
  const other = new Map(lock).set(attributes.users, 10).set(attributes.features, { ...whole, weekDayAccessSchedules: false });
  expect(undeclared(other, declaration)).toEqual([
    'recurrence is declared, and the lock has no feature weekDayAccessSchedules',
    'limits.users is declared as 50, and the lock says 10',
  ]);
});

test('a user that was left without its code is shown and can be removed, one that carries a code is not shown', async () => {
  const cleared: unknown[] = [];
  const carrier = (userIndex: number, codes: readonly number[]) => ({
    userIndex,
    userName: 'lp-g',
    userUniqueId: uniqueIdOf(0, userIndex),
    userStatus: 1,
    userType: 0,
    credentials: codes.map((credentialIndex) => ({ credentialType: 1, credentialIndex })),
    nextUserIndex: userIndex === 1 ? 2 : null,
  });
  const link: ClusterLink = {
    async ask({ asked: one }) {
      if (one.do === 'invoke' && one.command === 'clearUser') cleared.push(one.fields['userIndex']);
      const index = one.do === 'invoke' ? Number(one.fields['userIndex']) : 0;
      return { kind: 'reply', value: index === 1 ? carrier(1, [7]) : carrier(2, []) };
    },
    close: async () => undefined,
  };
  const { run, api } = driver(link, 1);
  const listed = await run(() => api.perform('owner', { do: 'listUsers' }));
  expect(listed).toMatchObject({ value: { items: [{ id: 'user-2', name: 'lp-g' }] } });
  const again = driver(link, 1);
  expect(await again.run(() => again.api.perform('owner', { do: 'removeUser', user: 'user-2' }))).toMatchObject({ kind: 'ok' });
  expect(cleared).toEqual([2]);
});
