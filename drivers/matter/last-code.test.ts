import { expect, test } from 'vitest';
import type { ClusterLink } from '../../contract/link.ts';
import type { Command } from '../../contract/command.ts';
import type { LockApi } from '../../contract/lock.ts';
import { runSecrets } from '../../harness/secrets.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { connect } from './api.ts';
import type { Fields } from './words.ts';

const loaded = loadTarget(new URL('../../targets/matter-lock.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
const startMs = 1_790_000_000_000;

/** A lock that clears a user with his last credential and tells both (5.2.10.24), as far as users and PINs go. */
function strictLock(): ClusterLink {
  const users = new Map<unknown, Fields>();
  const pins = new Map<unknown, unknown>();
  const events: Fields[] = [];
  const tell = (lockDataType: number, dataOperationType: number, userIndex: unknown, dataIndex: unknown): void =>
    void events.push({
      event: 4,
      number: events.length + 1,
      epochMs: startMs,
      value: { lockDataType, dataOperationType, operationSource: 7, userIndex, dataIndex, fabricIndex: 1 },
    });
  const clear = (userIndex: unknown): void => {
    if (users.delete(userIndex)) tell(2, 1, userIndex, userIndex);
  };
  const codesOf = (userIndex: unknown) => [...pins].flatMap(([pin, user]) => (user === userIndex ? [pin] : []));
  const commands: Readonly<Record<string, (fields: Fields) => unknown>> = {
    setUser({ operationType, userIndex, ...fields }) {
      const old = users.get(userIndex);
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
      if ((operationType === 0) === (old !== undefined)) return 'refused';
      users.set(userIndex, { ...old, ...given });
      tell(2, Number(operationType), userIndex, userIndex);
      return null;
    },
    getUser({ userIndex }) {
      const credentials = codesOf(userIndex).map((credentialIndex) => ({ credentialType: 1, credentialIndex }));
      const user = users.get(userIndex);
      return {
        userIndex,
        nextUserIndex: null,
        ...(user ? { ...user, credentials, creatorFabricIndex: 1 } : { userStatus: null }),
      };
    },
    clearUser({ userIndex }) {
      for (const pin of codesOf(userIndex)) pins.delete(pin);
      clear(userIndex);
      return null;
    },
    setCredential({ credential, userIndex }) {
      const { credentialIndex: pin } = credential as { credentialIndex: number };
      pins.set(pin, userIndex);
      tell(6, 0, userIndex, pin);
      return { status: 0 };
    },
    getCredentialStatus({ credential }) {
      const user = pins.get((credential as { credentialIndex: number }).credentialIndex);
      return { credentialExists: user !== undefined, userIndex: user ?? null };
    },
    clearCredential({ credential }) {
      const { credentialIndex: pin } = credential as { credentialIndex: number };
      const user = pins.get(pin);
      pins.delete(pin);
      tell(6, 1, user, pin);
      if (codesOf(user).length === 0) clear(user);
      return null;
    },
    setYearDaySchedule: () => null,
    clearWeekDaySchedule: () => null,
    getYearDaySchedule: () => ({ status: 0, localStartTime: startMs / 1000, localEndTime: startMs / 1000 + 3_600 }),
    getWeekDaySchedule: () => ({ status: 0x8b }),
  };
  return {
    async ask({ asked }) {
      if (asked.do === 'events') return { kind: 'reply', value: events };
      if (asked.do !== 'invoke') return { kind: 'reply', value: [{ attribute: 5, value: 1 }] };
      const value = commands[asked.command]?.(asked.fields);
      return value === 'refused' ? { kind: 'status', status: 0x85, clusterStatus: null } : { kind: 'reply', value };
    },
    close: async () => undefined,
  };
}

async function at(work: (ask: (command: Command) => ReturnType<LockApi['perform']>) => Promise<void>): Promise<void> {
  const { clock, run } = virtualClock({ startMs, limitMs: 1e12 });
  const secrets = runSecrets(1, { minDigits: 4, maxDigits: 8 });
  const api = connect({ clock, random: seededRandom(1) }, strictLock(), secrets, declaration, 1);
  await run(() => work((command) => api.perform('owner', command)));
}

const idOf = (answer: Awaited<ReturnType<LockApi['perform']>>): string =>
  answer.kind === 'ok' && answer.value && 'id' in answer.value ? answer.value.id : '';

const window = { startMs, endMs: startMs + 3_600_000, zone: 'Etc/UTC', recurrence: null };
const always = { ...window, startMs: null, endMs: null };

test('a user whom the lock clears with his last code is there for the next one, and his removal is told once', () =>
  at(async (ask) => {
    const user = idOf(await ask({ do: 'addUser', user: 'u', name: 'lp-u' }));
    for (const one of [window, always, window]) {
      const made = await ask({
        do: 'createGrant',
        grant: 'g',
        user,
        lock: '1',
        name: 'lp-g',
        pin: 'plain1',
        window: one,
        uses: null,
      });
      expect(made).toMatchObject({ kind: 'ok', value: { user } });
      const grant = idOf(made);
      expect(await ask({ do: 'revokeGrant', grant })).toMatchObject({ kind: 'ok', value: { wish: 'revoked' } });
      expect(await ask({ do: 'readUser', user })).toMatchObject({ kind: 'ok', value: { id: user, name: 'lp-u' } });
    }
    expect(await ask({ do: 'removeUser', user })).toMatchObject({ kind: 'ok' });
    const read = await ask({ do: 'readEvents', after: null });
    const events = read.kind === 'ok' && read.value && 'items' in read.value ? read.value.items : [];
    const verbs = events.flatMap((one) => ('verb' in one && one.verb !== 'detail' ? [one.verb] : []));
    expect(verbs).toEqual(['user.added', ...[1, 2, 3].flatMap(() => ['grant.set', 'grant.revoked']), 'user.removed']);
    expect(new Set(events.map((one) => 'user' in one && one.user))).toEqual(new Set([user]));
  }));
