import { describe, expect, test } from 'vitest';
import { commands, naks } from '../drivers/osdp/frame.ts';
import { type Instead, onLine, refusal } from './osdp.fixture.ts';
import { onTcp } from './osdp-tcp.fixture.ts';
import { verdictsOf } from './verdicts.fixture.ts';

const connect = { on: 'device', do: 'connect', as: 'owner', offer: 'right' } as const;
const status = { on: 'device', do: 'ask', as: 'owner', ask: 'status', sent: 'well' } as const;

/** A reader that wants a new session after so many commands in one, and says so for the reason given. */
function renewing(most: number, why: number): Instead {
  let count = 0;
  return (asked) => {
    if (asked.code === commands.serverCryptogram) count = 0;
    if (asked.mac === null) return null;
    count += 1;
    return count > most ? refusal(asked, why) : null;
  };
}

/** A reader that ends its session after a command that came twice, or was none. */
function touchy(): Instead {
  let isOver = false;
  let last = '';
  return (asked) => {
    if (asked.code === commands.serverCryptogram) isOver = false;
    if (asked.mac === null) return null;
    if (isOver) return refusal(asked, naks.conditions);
    const mac = Buffer.from(asked.mac).toString('hex');
    isOver = mac === last || (asked.code === commands.outputStatus && asked.data.length > 0);
    last = mac;
    return null;
  };
}

describe('a reader that asks for a new session', () => {
  for (const why of [naks.noSecurity, naks.conditions, naks.sequence, naks.unknown])
    test(`in clear, for reason ${why}, is greeted again, and what it did not do is done, once`, async () => {
      await onLine({ instead: renewing(3, why) }, async (ask, _restore, sent) => {
        expect(await ask(connect)).toMatchObject({ said: 'done' });
        for (const to of ['unlock', 'lock', 'unlock', 'lock', 'unlock'] as const)
          expect(await ask({ ...status, ask: to })).toMatchObject({ said: 'done', answers: 1 });
        expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'unlocked' } });
        expect(sent.filter(({ code }) => code === commands.challenge)).toHaveLength(2);
      });
    });

  test('for every command is greeted once for each, and told as one that refuses', async () => {
    await onLine({ instead: renewing(0, naks.noSecurity) }, async (ask, _restore, sent) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask(status)).toMatchObject({ said: 'refused', code: 'nak-5' });
      expect(sent.filter(({ code }) => code === commands.challenge)).toHaveLength(2);
    });
  });

  test('passes what asks for many things', async () => {
    await onTcp(renewing(4, naks.noSecurity), async (target) => {
      const told = await verdictsOf({ target, profile: 'certification', only: ['LINK-008', 'LINK-017', 'LINK-019'] });
      expect(told).toEqual({ 'LINK-008': 'pass', 'LINK-017': 'pass', 'LINK-019': 'pass' });
    });
  }, 60_000);
});

describe('a reader that ends its session for no reason', () => {
  for (const sent of ['twice', 'ungrammatical'] as const)
    test(`after a command that was sent ${sent} is told as such`, async () => {
      await onLine({ instead: touchy() }, async (ask) => {
        expect(await ask(connect)).toMatchObject({ said: 'done' });
        await ask({ ...status, sent });
        expect(await ask(status)).toMatchObject({ said: 'refused', code: 'nak-6' });
      });
    });

  test('fails LINK-016', async () => {
    await onTcp(touchy(), async (target) => {
      const told = await verdictsOf({ target, profile: 'certification', only: ['LINK-016'] });
      expect(told).toMatchObject({ 'LINK-016': 'fail' });
    });
  }, 60_000);
});
