import { describe, expect, test } from 'vitest';
import { sendings } from '../contract/wire.ts';
import type { LineTrouble } from '../contract/link.ts';
import { virtualClock } from '../simulators/clock.ts';
import { talk } from './device.fixture.ts';
import { keyPair } from './noise.ts';
import { deviceWires } from './wires.ts';

const right = { do: 'connect', offer: 'right' } as const;
const ask = (
  as: 'owner' | 'guest' | 'former' | 'stranger' | 'default' | 'anonymous',
  what: 'status' | 'table' | 'unlock' = 'status',
) => ({ do: 'ask', as, ask: what, sent: 'well' }) as const;

describe('a lock on its own link', () => {
  test('answers its owner, and says what it knows', () =>
    talk(async ({ act }) => {
      expect(await act({ ...right, as: 'owner' })).toMatchObject({ said: 'done', answers: 1, status: { bolt: 'locked' } });
      expect(await act(ask('owner', 'table'))).toMatchObject({ said: 'done', slots: [1, 4] });
    }));

  test('gives no session to a stranger, to the factory’s key, to an older version and to a weaker suite', () =>
    talk(async ({ act }) => {
      expect(await act({ ...right, as: 'stranger' })).toMatchObject({ said: 'refused', code: 'key', status: null });
      expect(await act({ ...right, as: 'default' })).toMatchObject({ said: 'refused', code: 'key' });
      expect(await act({ do: 'connect', as: 'owner', offer: 'older' })).toMatchObject({ said: 'refused', code: 'version' });
      expect(await act({ do: 'connect', as: 'owner', offer: 'weaker' })).toMatchObject({ said: 'refused', code: 'suite' });
      expect(await act({ ...right, as: 'owner' })).toMatchObject({ said: 'done' });
    }));

  test('does what is sent well, split and glued, each once, and nothing of what is spoilt; then it goes on', () =>
    talk(async ({ act }, core) => {
      await act({ ...right, as: 'owner' });
      const done: Record<string, number> = {};
      for (const sent of sendings) {
        const before = core.asked.filter(({ verb }) => verb === 'unlock').length;
        await act({ do: 'ask', as: 'owner', ask: 'unlock', sent });
        done[sent] = core.asked.filter(({ verb }) => verb === 'unlock').length - before;
        expect(await act(ask('owner'))).toMatchObject({ said: 'done' });
      }
      const once = { well: 1, split: 1, glued: 2, twice: 1, swapped: 1 };
      expect(done).toEqual({ ...Object.fromEntries(sendings.map((sent) => [sent, 0])), ...once });
    }));

  test('does nothing for who has no session, and nothing of what was said before', () =>
    talk(async ({ act }, core) => {
      await act({ ...right, as: 'owner' });
      await act(ask('owner', 'unlock'));
      const before = core.asked.length;
      for (const as of ['anonymous', 'stranger', 'default', 'former'] as const) {
        expect(await act(ask(as, 'unlock'))).toMatchObject({ answers: 0 });
        expect(await act({ do: 'ask', as, ask: 'unlock', sent: 'plain' })).toMatchObject({ answers: 0 });
      }
      await act({ do: 'replay', as: 'owner', into: 'session' });
      await act({ do: 'replay', as: 'owner', into: 'fresh-link' });
      expect(core.asked.length).toBe(before);
      expect(await act(ask('owner'))).toMatchObject({ said: 'done' });
    }));

  test('ends what rests on a key with the key', () =>
    talk(async ({ act }) => {
      await act({ ...right, as: 'owner' });
      expect(await act({ do: 'add-guest' })).toMatchObject({ said: 'done' });
      expect(await act({ ...right, as: 'guest' })).toMatchObject({ said: 'done' });
      expect(await act({ do: 'remove-guest' })).toMatchObject({ said: 'done' });
      expect(await act(ask('guest'))).toMatchObject({ said: 'closed', code: 'session' });
      expect(await act({ ...right, as: 'former' })).toMatchObject({ said: 'refused', code: 'key' });
      expect(await act({ do: 'rotate' })).toMatchObject({ said: 'done' });
      expect(await act(ask('former'))).toMatchObject({ said: 'closed' });
      expect(await act({ ...right, as: 'owner' })).toMatchObject({ said: 'done' });
    }));

  test('gets back its owner’s own key, also from a caller that never knew of the others', () =>
    talk(async ({ act, restore }) => {
      await act({ ...right, as: 'owner' });
      for (let i = 0; i < 3; i++) {
        await act({ do: 'rotate' });
        await act({ ...right, as: 'owner' });
      }
      expect(await restore()).toBeNull();
      expect(await act({ ...right, as: 'owner' })).toMatchObject({ said: 'done' });
    }));

  test('is as it was found after a run that died in the middle', () =>
    talk(async ({ act, next }, core) => {
      await act({ ...right, as: 'owner' });
      await act({ do: 'add-guest' });
      for (let i = 0; i < 3; i++) {
        await act({ do: 'rotate' });
        await act({ ...right, as: 'owner' });
      }
      const later = next();
      expect(await later.restore()).toBeNull();
      expect(await later.act({ on: 'device', ...right, as: 'owner' })).toMatchObject({ said: 'done' });
      expect(await later.act({ on: 'device', ...right, as: 'guest' })).toMatchObject({ said: 'refused', code: 'key' });
      expect(core.asked.at(-2)).toMatchObject({ verb: 'rotate' });
    }));
});

test('whose line has trouble is told with the next step', async () => {
  const virtual = virtualClock({ startMs: 0, limitMs: 10_000_000 });
  const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(9);
  const parts = {
    clock: virtual.clock,
    bytes,
    lockKey: keyPair(bytes(32)).open,
    ownerSecret: bytes(32),
    answerMs: 10,
    boltMs: 5,
  };
  const why = (trouble: LineTrouble): Promise<string | null> => {
    const line = { name: 'line', open: async () => ({ kind: 'trouble', trouble }) as const };
    return virtual.run(() => deviceWires({ ...parts, line }).restore());
  };
  expect(await why('missing')).toMatch(/^the lock gives its owner no session \(missing\): check port or address under device/);
  expect(await why('off')).toContain('(off): switch the Bluetooth adapter on');
  expect(await why('late')).toContain('(late): see that the lock has power');
});
