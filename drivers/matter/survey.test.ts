import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClusterLink, ClusterReply } from '../../contract/link.ts';
import { declaredBy } from './declared.ts';
import { survey } from './survey.ts';
import { attributes } from './words.ts';

test('a declaration is what the lock tells, and nothing that it does not', () => {
  const told = new Map<number, unknown>([
    [attributes.features, { pinCredential: true, credentialOverTheAirAccess: true, user: true, weekDayAccessSchedules: false }],
    [attributes.pinUsers, 30],
    [attributes.lockoutSeconds, 60],
    [attributes.autoRelockSeconds, 0],
    [attributes.wrongCodes, 'five'],
    [attributes.supportedModes, { normal: false, vacation: true, privacy: true, noRemoteLockUnlock: false, passage: true }],
    [attributes.acceptedCommands, [0, 1, 3]],
  ]);
  expect(Object.fromEntries(declaredBy(told))).toEqual({
    'abilities.keypad': true,
    'abilities.users': true,
    'abilities.windows': 'the lock has no feature yearDayAccessSchedules',
    'abilities.recurrence': 'the lock has no feature weekDayAccessSchedules',
    'abilities.mode-schedules': 'the lock has no feature holidaySchedules',
    'abilities.suspend': true,
    'abilities.change-pin': true,
    'abilities.auto-relock': 'its AutoRelockTime is 0',
    'limits.credentials': 30,
    'limits.lockoutMs': 60_000,
    'timing.autoRelockMs': 0,
    'abilities.modes': true,
    modes: 'normal, no-remote',
    'abilities.timed-unlock': true,
    'abilities.expiring': 'the lock has no attribute ExpiringUserTimeout',
  });
  expect(declaredBy(new Map()).size).toBe(0);
});

test('what a lock without codes is asked of them all the same is answered, and it throws no bolt that it says nothing of', () => {
  const declared = declaredBy(new Map<number, unknown>([[attributes.features, { unbolting: true }]]));
  expect(Object.fromEntries(declared)).toMatchObject({
    'abilities.keypad': 'the lock has no feature pinCredential',
    'abilities.suspend': 'the lock has no feature user',
    'abilities.local-credentials': 'the lock keeps no codes that could be set',
    'abilities.auto-relock': 'the lock has no attribute AutoRelockTime',
    'timing.autoRelockMs': 0,
    'limits.users': 1,
    'limits.wrongCodes': 0,
  });
});

test('a lock holds no more codes than users, since each code has one of its own', () => {
  const told = new Map<number, unknown>([
    [attributes.users, 3],
    [attributes.pinUsers, 10],
  ]);
  expect(declaredBy(told).get('limits.credentials')).toBe(3);
  // One place is kept for a code of our own.
  expect(declaredBy(new Map([...told, [attributes.requiresPin, true]])).get('limits.credentials')).toBe(2);
});

test('a node that says anything at all is no reason to throw, and has no lock unless it says so', async () => {
  const attribute = fc.record({ attribute: fc.nat(0x40), value: fc.anything() });
  const reply: fc.Arbitrary<ClusterReply> = fc.oneof(
    fc.record({ kind: fc.constant('reply' as const), value: fc.oneof(fc.anything(), fc.array(attribute, { maxLength: 5 })) }),
    fc.record({ kind: fc.constant('status' as const), status: fc.nat(255), clusterStatus: fc.constant(null) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(reply, { minLength: 1, maxLength: 8 }), async (replies) => {
      let no = 0;
      const link: ClusterLink = {
        ask: async () => replies[no++ % replies.length] ?? { kind: 'reply', value: null },
        close: async () => undefined,
      };
      const { locks, declared } = await survey(link, 100);
      expect(locks.length).toBeLessThanOrEqual(32);
      for (const value of declared.values()) expect(['number', 'string', 'boolean']).toContain(typeof value);
    }),
    { numRuns: 300, seed: 1 },
  );
});
