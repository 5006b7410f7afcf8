import { describe, expect, test } from 'vitest';
import { onLine } from './osdp.fixture.ts';

const connect = { on: 'device', do: 'connect', as: 'owner', offer: 'right' } as const;
const status = { on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' } as const;

describe('a reader that understands checksums only', () => {
  test('is found out, and spoken to so, the secure channel too', async () => {
    await onLine({ faults: ['reader-without-crc'] }, async (ask, restore, sent) => {
      expect(await restore()).toBe(null);
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      const from = sent.length;
      for (const to of ['unlock', 'lock'] as const) expect(await ask({ ...status, ask: to })).toMatchObject({ said: 'done' });
      expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'locked' } });
      expect(sent.slice(from).map(({ check, mac }) => [check, mac !== null])).toEqual([0, 1, 2].map(() => ['checksum', true]));
    });
  });

  test('is not taken for one that was disturbed: who knows a CRC goes on with it', async () => {
    let heard = 0;
    // The greeting is lost as often as it is tried.
    const between = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      heard += 1;
      if (heard > 3) say(bytes);
    };
    await onLine({ between }, async (ask, _restore, sent) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(sent.slice(0, 5).map(({ check }) => check)).toEqual(['crc', 'crc', 'crc', 'checksum', 'checksum']);
      expect(await ask(status)).toMatchObject({ said: 'done' });
      expect(sent.at(-1)?.check).toBe('crc');
    });
  });
});
