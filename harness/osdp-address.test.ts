import { expect, test } from 'vitest';
import { decoded, replies } from '../drivers/osdp/frame.ts';
import { onLine } from './osdp.fixture.ts';

const connect = { on: 'device', do: 'connect', as: 'owner', offer: 'right' } as const;

/** A reader that starts anew after it was given an address, and says nothing meanwhile. */
const restarting = (ms: number) => (say: (bytes: Uint8Array) => void, sleep: (ms: number) => Promise<void>) => {
  let isUp = true;
  return (bytes: Uint8Array): void => {
    if (isUp) say(bytes);
    if (decoded(bytes.subarray(1))?.packet.code !== replies.com) return;
    isUp = false;
    void sleep(ms).then(() => (isUp = true));
  };
};

test('a reader that starts anew when it is given an address is waited for as long as after a loss of power', async () => {
  for (const [ms, came] of [
    [2_000, { said: 'done', code: '' }],
    [9_000, { said: 'nothing', code: 'not-there' }],
  ] as const)
    await onLine({ between: restarting(ms) }, async (ask) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask({ on: 'device', do: 'readdress', to: 'other' })).toMatchObject(came);
    });
});
