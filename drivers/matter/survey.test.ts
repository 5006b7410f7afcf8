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
    'abilities.auto-relock': 'its AutoRelockTime is 0',
    'limits.credentials': 30,
    'limits.lockoutMs': 60_000,
    'timing.autoRelockMs': 0,
    'abilities.modes': true,
    modes: 'normal, no-remote',
    'abilities.timed-unlock': true,
  });
  expect(declaredBy(new Map()).size).toBe(0);
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
