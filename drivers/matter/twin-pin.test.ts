import { expect, test } from 'vitest';
import type { ClusterAsk } from '../../contract/link.ts';
import { loadTarget } from '../../harness/target.ts';
import { virtualClock } from '../../simulators/clock.ts';
import { seededRandom } from '../../simulators/random.ts';
import { codeBytes, type Fields, operations, pinType, userStates, userTypes } from './words.ts';
import { twin } from './twin.ts';

/** A lock that takes remote operations only with a PIN (5.2.9.35), asked as any administrator may. */

const loaded = loadTarget(new URL('../../targets/matter-twin.yaml', import.meta.url).pathname, {});
if (loaded.kind !== 'ok') throw new Error('the target does not load');
const { declaration } = loaded.target;
const keypad = { ...declaration, abilities: { ...declaration.abilities, 'local-credentials': true as const } };
const [remote, resident, nobodys] = ['48210', '73519', '60428'];
const ok = { kind: 'reply' };
const failure = { kind: 'status', status: 1 };

/** Such a lock with a user for remote operations and one for all, each with a code. */
async function atLock(work: (door: Door) => Promise<void>): Promise<void> {
  const { clock, run } = virtualClock({ startMs: 1_772_438_400_000, limitMs: 1e12 });
  await run(async () => {
    const { cluster, fixture, close } = await twin({ clock, random: seededRandom(1) }, keypad, [], { wantsPin: true });
    const ask = async (asked: ClusterAsk) =>
      cluster?.ask({ fabric: 'owner', asked, limitMs: 1_000 }, new AbortController().signal);
    const invoke = (command: string, fields: Fields) => ask({ do: 'invoke', endpoint: 1, command, fields });
    for (const [userIndex, userType, digits] of [
      [1, userTypes.remoteOnly, remote],
      [2, userTypes.unrestricted, resident],
    ] as const) {
      const user = { userIndex, userType, userName: 'x', userUniqueId: null, userStatus: userStates.enabled };
      expect(await invoke('setUser', { ...user, operationType: operations.add })).toMatchObject(ok);
      const credential = { credentialType: pinType, credentialIndex: userIndex };
      const set = { operationType: operations.add, credential, credentialData: codeBytes(digits), userIndex };
      expect(await invoke('setCredential', set)).toMatchObject({ ...ok, value: { status: 0 } });
    }
    await work({
      invoke,
      with: (command, digits) => invoke(command, { pinCode: codeBytes(digits) }),
      present: async (digits) => (await fixture.act({ act: 'present', digits })).keypad,
      bolt: async () => (await fixture.look()).bolt,
      wait: (ms) => clock.sleep(ms),
    });
    await close();
  });
}
interface Door {
  invoke(command: string, fields: Fields): Promise<unknown>;
  with(command: string, digits: string): Promise<unknown>;
  present(digits: string): Promise<unknown>;
  bolt(): Promise<unknown>;
  wait(ms: number): Promise<void>;
}

test('it does nothing without a PIN, or with one of nobody or of somebody disabled', () =>
  atLock(async (door) => {
    for (const command of ['unlockDoor', 'unlockWithTimeout', 'lockDoor']) {
      expect(await door.invoke(command, { timeout: 5 })).toMatchObject(failure);
      expect(await door.with(command, nobodys)).toMatchObject(failure);
      expect(await door.with(command, resident)).toMatchObject(ok);
    }
    await door.invoke('setUser', { operationType: operations.modify, userIndex: 1, userStatus: userStates.disabled });
    expect(await door.with('unlockDoor', remote)).toMatchObject(failure);
    expect(await door.bolt()).toBe('locked');
  }));

test('the code of a user for remote operations draws and throws the bolt over the network, and not at the keypad', () =>
  atLock(async (door) => {
    expect(await door.present(remote)).toBe('denied');
    expect(await door.bolt()).toBe('locked');
    expect(await door.with('unlockDoor', remote)).toMatchObject(ok);
    expect(await door.bolt()).toBe('unlocked');
    expect(await door.with('lockDoor', remote)).toMatchObject(ok);
    expect(await door.bolt()).toBe('locked');
    expect(await door.present(resident)).toBe('accepted');
  }));

test('a stated time counts from the command that states it, at a bolt that is drawn already too', () =>
  atLock(async (door) => {
    await door.with('unlockDoor', remote);
    await door.invoke('unlockWithTimeout', { timeout: 10, pinCode: codeBytes(remote) });
    await door.wait(9_000);
    expect(await door.bolt()).toBe('unlocked');
    await door.wait(2_000);
    expect(await door.bolt()).toBe('locked');
  }));

test('wrong ones count for the lockout whichever way they come, which shuts both ways; a right one is where counting begins anew', () =>
  atLock(async (door) => {
    const { wrongCodes, lockoutMs } = declaration.limits;
    const guess = async (times: number): Promise<void> => {
      for (let i = 0; i < times; i++) expect(await door.with(i % 2 ? 'lockDoor' : 'unlockDoor', nobodys)).toMatchObject(failure);
    };
    await guess(wrongCodes - 1);
    expect(await door.with('unlockDoor', remote)).toMatchObject(ok);
    await guess(wrongCodes - 1);
    // What carries none is refused, and is no guess.
    expect(await door.invoke('unlockDoor', {})).toMatchObject(failure);
    expect(await door.with('lockDoor', remote)).toMatchObject(ok);
    await guess(wrongCodes - 1);
    expect(await door.present(nobodys)).toBe('denied');
    expect(await door.with('unlockDoor', remote)).toMatchObject(failure);
    expect(await door.present(resident)).toBe('locked-out');
    await door.wait(lockoutMs + 100);
    expect(await door.with('unlockDoor', remote)).toMatchObject(ok);
  }));
