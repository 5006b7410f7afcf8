import { describe, test } from 'vitest';
import { always, fixture, gist } from './lock.fixture.ts';

describe('table', () => {
  test('codes are texts: leading zeros and prefixes are codes of their own, duplicates and one too many are refused', async ({
    expect,
  }) => {
    const { run, set, present, turn, ask, lock } = fixture();
    await run(async () => {
      expect(gist(await set(1, '0123'))).toBe('done');
      expect(gist(await set(2, '01234'))).toBe('done');
      expect(gist(await set(3, '123'))).toBe('invalid');
      expect(gist(await set(3, '0123'))).toBe('duplicate');
      expect(gist(await set(3, '1230'))).toBe('done');
      expect(gist(await set(1, '0123', { tag: 'again' }))).toBe('done');
      expect(gist(await set(4, '9999'))).toBe('done');
      expect(gist(await set(5, '8888'))).toBe('full');
      expect(lock.truth().table.map(({ slot, tag }) => `${slot} ${tag}`)).toEqual(['1 again', '2 t2', '3 t3', '4 t4']);
      for (const digits of ['0123', '01234', '1230', '9999']) {
        expect(await present(digits)).toBe('accepted open');
        await turn('locked');
      }
      expect(await present('012')).toBe('denied');
      expect(gist(await ask({ ask: 'clear', slot: 2 }))).toBe('done');
      expect(gist(await ask({ ask: 'clear', slot: 2 }))).toBe('done');
      expect(await present('01234')).toBe('denied');
      expect(await present('0123')).toBe('accepted open');
    });
  });
  test('what makes no sense is refused and changes nothing', async ({ expect }) => {
    const { run, set, lock } = fixture();
    await run(async () => {
      const bad = [
        await set(0, '1111'),
        await set(1.5, '1111'),
        await set(1, '11a1'),
        await set(1, '111111111'),
        await set(1, '1111', { usesLeft: -1 }),
        await set(1, '1111', { schedule: { startMs: 5, endMs: 4, zone: 'UTC', recurrence: null } }),
        await set(1, '1111', { schedule: { startMs: null, endMs: null, zone: 'Mars/Base', recurrence: null } }),
      ];
      expect(bad.map(gist)).toEqual(bad.map(() => 'invalid'));
      expect(lock.truth().table).toEqual([]);
    });
  });
  test('codes set at the lock lie beyond the platform’s slots, collide with it, and can be erased', async ({ expect }) => {
    const { run, set, lock, told, present } = fixture();
    const hand = async (act: 'enrol' | 'erase', digits: string) => (await lock.plant.act({ act, digits })).keypad;
    await run(async () => {
      await set(1, '1111');
      expect(await hand('enrol', '1111')).toBe('denied');
      expect(await hand('enrol', '2222')).toBe('accepted');
      expect(gist(await set(2, '2222'))).toBe('duplicate');
      expect(lock.truth().table.map(({ slot, tag }) => [slot, tag])).toEqual([
        [1, 't1'],
        [5, ''],
      ]);
      expect(await hand('erase', '1111')).toBe('accepted');
      expect(await hand('erase', '1111')).toBe('denied');
      expect(await present('1111')).toBe('denied');
      expect(await present('2222')).toBe('accepted open');
    });
    expect(told()).toEqual(['code-added keypad-admin 5', 'code-removed keypad-admin 1', 'denied pin', 'unlocked pin 5']);
  });
  test('counted codes: an open door counts, a jam does not, a set that crosses a use gives none back', async ({ expect }) => {
    const { run, set, present, lock, told, ask } = fixture();
    await run(async () => {
      await set(1, '1111', { usesLeft: 3 });
      await lock.plant.act({ act: 'block', on: true });
      expect(await present('1111')).toBe('accepted');
      await lock.plant.act({ act: 'block', on: false });
      expect([await present('1111'), await present('1111')]).toEqual(['accepted open', 'accepted open']);
      const status = await ask({ ask: 'status' });
      expect(status?.status.newest).toBe(3);
      await ask({
        ask: 'set',
        credential: {
          ...lock.truth().table[0],
          slot: 1,
          digits: '1111',
          schedule: always,
          usesLeft: 2,
          enabled: true,
          tag: 't1',
        },
        usedAfter: 2,
      });
      expect(lock.truth().table[0]?.usesLeft).toBe(1);
      expect([await present('1111'), await present('1111')]).toEqual(['accepted open', 'denied']);
    });
    expect(told()).toEqual([
      'jammed pin 1',
      'unlocked pin 1',
      'unlocked pin 1',
      'unlocked pin 1',
      'code-spent pin 1',
      'denied pin 1',
    ]);
  });
});
