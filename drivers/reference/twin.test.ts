import { describe, test } from 'vitest';
import { fieldOf } from './json.ts';
import { doorOf, grantBody, idOf, reference, scenario, settled, syncOf, typesOf } from './twin.fixture.ts';

describe('a grant, from its wish to its end', () => {
  test('opens when confirmed, stays pending while offline, is denied after the revocation is confirmed', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const made = await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '048213'));
      expect(made.status).toBe(202);
      const grant = idOf(made.body);
      expect(fieldOf(made.body, 'sync')).toBe('pending');
      expect(await settled(at, grant)).toBe('confirmed');
      expect((await at.twin.fixture.act({ act: 'present', digits: '048213' })).opened).toBe(true);
      await at.clock.sleep(40_000);
      await at.twin.happen({ on: 'lock', happens: 'cut' });
      const revoked = await at.ask('owner', 'DELETE', `/v1/grants/${grant}`);
      expect(revoked.status).toBe(202);
      expect(fieldOf(revoked.body, 'wish')).toBe('revoked');
      await at.clock.sleep(reference.timing.offlineAfterMs);
      expect(await syncOf(at, grant)).toBe('pending');
      expect((await at.twin.fixture.act({ act: 'present', digits: '048213' })).opened).toBe(true);
      expect(fieldOf((await at.ask('owner', 'GET', `/v1/locks/${door}`)).body, 'online')).toBe(false);
      await at.twin.happen({ on: 'lock', happens: 'heal' });
      expect(await settled(at, grant, reference.timing.revokeMs)).toBe('confirmed');
      await at.clock.sleep(40_000);
      expect((await at.twin.fixture.act({ act: 'present', digits: '048213' })).keypad).toBe('denied');
      await at.clock.sleep(5000);
      const types = await typesOf(at);
      expect(types.filter((type) => type === 'lock.unlocked')).toHaveLength(2);
      for (const type of [
        'grant.created',
        'grant.set',
        'grant.revoking',
        'lock.offline',
        'lock.online',
        'grant.revoked',
        'lock.denied',
      ]) {
        expect(types.filter((one) => one === type)).toEqual([type]);
      }
      expect(at.faults).toEqual([]);
    });
  });

  test('is refused whole when its window, PIN, name, lock or user cannot be', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const window = { starts_at: null, ends_at: null, zone: 'UTC', recurrence: null };
      const cases: [unknown, number, string][] = [
        [{ window: { ...window, ends_at: '2026-05-01T00:00:00Z' } }, 422, 'window-past'],
        [{ window: { ...window, starts_at: '2026-08-01T00:00:00Z', ends_at: '2026-07-01T00:00:00Z' } }, 422, 'window-inverted'],
        [{ window: { ...window, starts_at: '2026-08-01T00:00:00Z', ends_at: '2026-08-01T00:00:00Z' } }, 422, 'window-empty'],
        [{ window: { ...window, ends_at: '2150-01-01T00:00:00Z' } }, 422, 'window-far'],
        [{ window: { ...window, zone: 'Mars/Base' } }, 422, 'zone-unknown'],
        [{ credential: { type: 'pin', pin: '12' } }, 422, 'pin-length'],
        [{ credential: { type: 'pin', pin: '12a4' } }, 422, 'pin-alphabet'],
        [{ name: '' }, 422, 'name-invalid'],
        [{ name: 'ä'.repeat(33) }, 422, 'name-too-long'],
        [{ lock: 'lk_none' }, 422, 'lock-unknown'],
        [{ user: 'us_none' }, 422, 'user-unknown'],
        [{ uses: 0 }, 400, 'body-malformed'],
        [{ more: true }, 400, 'body-malformed'],
      ];
      for (const [more, status, code] of cases) {
        const body = grantBody(door, '048213', Object.fromEntries(Object.entries(Object(more))));
        const answer = await at.ask('owner', 'POST', '/v1/grants', body);
        expect([answer.status, fieldOf(answer.body, 'code')]).toEqual([status, code]);
      }
      const list = await at.ask('owner', 'GET', `/v1/grants?lock=${door}`);
      expect(fieldOf(list.body, 'items')).toEqual([]);
      expect(at.faults).toEqual([]);
    });
  });

  test('that collides at the lock with a code set by hand fails and says so, and the hand-set code stays', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      await at.twin.happen({ on: 'lock', happens: 'cut' });
      await at.twin.fixture.act({ act: 'enrol', digits: '555123' });
      const { body } = await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '555123'));
      await at.clock.sleep(10_000);
      await at.twin.happen({ on: 'lock', happens: 'heal' });
      expect(await settled(at, idOf(body))).toBe('failed');
      await at.clock.sleep(5000);
      const list = fieldOf((await at.ask('owner', 'GET', `/v1/grants?lock=${door}`)).body, 'items');
      const outside = Array.isArray(list) ? list.filter((one) => fieldOf(one, 'integration') === null) : [];
      expect(outside).toHaveLength(1);
      expect((await at.twin.fixture.act({ act: 'present', digits: '555123' })).opened).toBe(true);
      const types = await typesOf(at);
      expect(types.filter((type) => type === 'code.added-outside')).toHaveLength(1);
      expect(types).toContain('grant.failed');
      const again = await at.ask('second', 'POST', '/v1/grants', grantBody(door, '555123'));
      expect([again.status, fieldOf(again.body, 'code'), fieldOf(again.body, 'first')]).toEqual([409, 'pin-taken', null]);
      expect(at.faults).toEqual([]);
    });
  });

  test('with three uses opens three times, also when it is changed in between', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const { body } = await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '048213', { uses: 3 }));
      const grant = idOf(body);
      await settled(at, grant);
      const opened: unknown[] = [];
      for (let time = 0; time < 4; time += 1) {
        opened.push((await at.twin.fixture.act({ act: 'present', digits: '048213' })).opened);
        if (time === 0) {
          // The change crosses the use on its way.
          const changed = await at.ask('owner', 'PATCH', `/v1/grants/${grant}`, {
            window: { starts_at: null, ends_at: '2027-01-01T00:00:00Z', zone: 'UTC', recurrence: null },
          });
          expect(changed.status).toBe(202);
        }
        await at.clock.sleep(40_000);
      }
      expect(opened).toEqual([true, true, true, false]);
      expect((await typesOf(at)).filter((type) => type === 'grant.spent')).toHaveLength(1);
    });
  });
});

describe('the queue of a lock', () => {
  test('takes away before it gives when the lock is heard again, and carries the last intent only', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const first = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '111111'))).body);
      const second = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '222222'))).body);
      await settled(at, first);
      await settled(at, second);
      await at.twin.happen({ on: 'lock', happens: 'cut' });
      await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '333333'));
      await at.ask('owner', 'PATCH', `/v1/grants/${second}`, { suspended: true });
      await at.ask('owner', 'PATCH', `/v1/grants/${second}`, { suspended: false });
      await at.ask('owner', 'DELETE', `/v1/grants/${first}`);
      await at.clock.sleep(5000);
      await at.twin.happen({ on: 'lock', happens: 'heal' });
      await at.clock.sleep(5000);
      const types = (await typesOf(at)).slice(-4).filter((type) => ['grant.revoked', 'grant.set'].includes(type));
      expect(types).toEqual(['grant.revoked', 'grant.set', 'grant.set']);
      expect((await at.twin.fixture.act({ act: 'present', digits: '222222' })).opened).toBe(true);
    });
  });
});

describe('operations', () => {
  test('are done when the lock says so, fail by a jam, and expire unheard without ever being carried out', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const state = async (body: unknown): Promise<unknown[]> => {
        const told = (await at.ask('owner', 'GET', `/v1/operations/${idOf(body)}`)).body;
        return [fieldOf(told, 'state'), fieldOf(told, 'cause')];
      };
      const unlock = await at.ask('operator', 'POST', `/v1/locks/${door}/operations`, { target: 'unlocked' });
      expect(unlock.status).toBe(202);
      await at.clock.sleep(3000);
      expect(await state(unlock.body)).toEqual(['done', null]);
      await at.twin.fixture.act({ act: 'block', on: true });
      const lock = await at.ask('owner', 'POST', `/v1/locks/${door}/operations`, { target: 'locked' });
      await at.clock.sleep(4000);
      expect(await state(lock.body)).toEqual(['failed', 'jam']);
      await at.twin.fixture.act({ act: 'block', on: false });
      await at.twin.fixture.act({ act: 'turn', to: 'locked' });
      await at.twin.happen({ on: 'lock', happens: 'cut' });
      await at.clock.sleep(reference.timing.offlineAfterMs);
      const late = await at.ask('owner', 'POST', `/v1/locks/${door}/operations`, { target: 'unlocked' });
      await at.clock.sleep(reference.timing.operateMs);
      expect(await state(late.body)).toEqual(['expired', null]);
      await at.twin.happen({ on: 'lock', happens: 'heal' });
      await at.clock.sleep(20_000);
      expect(fieldOf(fieldOf((await at.ask('owner', 'GET', `/v1/locks/${door}`)).body, 'state'), 'bolt')).toBe('locked');
      const remote = (await typesOf(at)).filter((type) => type === 'lock.unlocked');
      expect(remote).toHaveLength(1);
      expect(at.faults).toEqual([]);
    });
  });

  test('firmware is installed, and no act is lost over it', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const bad = await at.ask('owner', 'POST', `/v1/locks/${door}/firmware`, { version: '1.1', image: 'unsigned' });
      await at.clock.sleep(5000);
      expect(fieldOf((await at.ask('owner', 'GET', `/v1/operations/${idOf(bad.body)}`)).body, 'state')).toBe('failed');
      for (const version of reference.firmware.slice(1)) {
        await at.ask('owner', 'POST', `/v1/locks/${door}/firmware`, { version, image: 'good' });
        await at.clock.sleep(10_000);
        await at.twin.fixture.act({ act: 'turn', to: 'unlocked' });
        await at.clock.sleep(60_000);
      }
      expect(fieldOf((await at.ask('owner', 'GET', `/v1/locks/${door}`)).body, 'firmware')).toBe(reference.firmware.at(-1));
      const types = await typesOf(at);
      expect(types.filter((type) => type === 'lock.firmware-changed')).toHaveLength(reference.firmware.length - 1);
      expect(types.filter((type) => type === 'lock.unlocked')).toHaveLength(reference.firmware.length - 1);
      expect(at.faults).toEqual([]);
    });
  });

  test('a replaced lock keeps its id and its grants; the old one opens to nobody', async ({ expect }) => {
    await scenario(async (at) => {
      const door = doorOf(at);
      const grant = idOf((await at.ask('owner', 'POST', '/v1/grants', grantBody(door, '048213'))).body);
      await settled(at, grant);
      const before = (await at.ask('owner', 'GET', `/v1/locks/${door}`)).body;
      const replaced = await at.ask('owner', 'POST', `/v1/locks/${door}/replacement`, {});
      expect(replaced.status).toBe(200);
      expect(await syncOf(at, grant)).toBe('pending');
      expect(await settled(at, grant)).toBe('confirmed');
      expect((await at.twin.fixture.act({ act: 'present', digits: '048213' })).opened).toBe(true);
      await at.clock.sleep(5000);
      const after = (await at.ask('owner', 'GET', `/v1/locks/${door}`)).body;
      expect(fieldOf(after, 'serial')).not.toBe(fieldOf(before, 'serial'));
      expect(fieldOf(after, 'predecessor')).toEqual({ serial: fieldOf(before, 'serial'), wiped: true });
      expect(await typesOf(at)).toEqual(expect.arrayContaining(['lock.replaced', 'detail', 'lock.unlocked']));
      expect(at.faults).toEqual([]);
    });
  });
});
