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

describe('a panel', () => {
  const unlock = { ...status, ask: 'unlock' } as const;
  /** What of all that was sent may be sent in clear: who are you, what can you, and a handshake. */
  const isGreeting = (code: number): boolean => [0x61, 0x62, 0x76, 0x77].includes(code);

  test('does not fall back to clear when the reader says that it has no encryption', async () => {
    await onLine({ faults: ['reader-denies-encryption'] }, async (ask, restore, sent) => {
      expect(await restore()).toBe(null);
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask({ ...status, ask: 'capabilities' })).toMatchObject({ said: 'done' });
      expect(await ask(unlock)).toMatchObject({ said: 'done' });
      expect(sent.filter(({ mac, code }) => mac === null && !isGreeting(code))).toEqual([]);
    });
  });

  test('says nothing in clear when it gets no session: no command, and no key', async () => {
    // A reader that gives no session refuses the challenge, as one without encryption does.
    const deaf = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
      if (bytes[6] !== 0x03) say(bytes);
    };
    await onLine({ between: deaf }, async (ask, _restore, sent) => {
      expect(await ask(connect)).not.toMatchObject({ said: 'done' });
      expect(await ask(unlock)).toMatchObject({ said: 'nothing' });
      expect(await ask({ ...unlock, sent: 'twice' })).toMatchObject({ said: 'nothing' });
      expect(await ask({ on: 'device', do: 'rotate' })).toMatchObject({ said: 'nothing' });
      expect(sent.filter(({ code }) => !isGreeting(code))).toEqual([]);
    });
  });

  test('fetches a reader back from the address that a run which died had given it', async () => {
    await onLine({}, async (ask, restore, sent, forget) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask({ on: 'device', do: 'readdress', to: 'other' })).toMatchObject({ said: 'done', code: '' });
      expect(await ask({ on: 'device', do: 'rotate' })).toMatchObject({ said: 'done' });
      expect(sent.at(-1)?.address).toBe(1);
      forget();
      expect(await restore()).toBe(null);
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(sent.at(-1)?.address).toBe(0);
    });
  });
});
