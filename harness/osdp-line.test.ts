import { describe, expect, test } from 'vitest';
import type { ByteLine, ByteLink, LineTrouble } from '../contract/link.ts';
import { checked, commands, decoded, naks, replies, unsealed } from '../drivers/osdp/frame.ts';
import { marked } from '../drivers/osdp/line.ts';
import { twin } from '../drivers/osdp/twin.ts';
import { osdpWires } from '../drivers/osdp/wires.ts';
import { virtualClock } from '../simulators/clock.ts';
import { seededRandom } from '../simulators/random.ts';
import { onLine, osdpTarget } from './osdp.fixture.ts';

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

  test('gives a reader its key back that took half of it', async () => {
    await onLine({ faults: ['reader-takes-half-a-key'] }, async (ask, restore) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask({ on: 'device', do: 'rotate-short' })).toMatchObject({ said: 'done' });
      expect(await ask(connect)).toMatchObject({ said: 'refused', code: 'key' });
      expect(await restore()).toBe(null);
      expect(await ask(connect)).toMatchObject({ said: 'done' });
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

const head = { address: 0, sequence: 0, check: 'crc', block: null, data: new Uint8Array() } as const;
const busy = marked(checked(unsealed({ ...head, isReply: true, code: replies.busy }), null, 'crc'));

test('a reader without the output of the target file is told as such, and nothing is tried by it', async () => {
  await onLine({ output: 1 }, async (_ask, restore) => expect(await restore()).toContain('has no output 1'));
  await onLine({ output: 0 }, async (_ask, restore) => expect(await restore()).toBe(null));
});

/** A reader that refuses what is spoilt, and takes as long for every answer as the standard lets it. */
function slow(): Parameters<typeof onLine>[0] {
  const lateMs = 190;
  let sleep: (ms: number) => Promise<void> = async () => undefined;
  const refusal = (sequence: number): Uint8Array => {
    const data = Uint8Array.of(naks.check);
    return marked(checked(unsealed({ ...head, isReply: true, sequence, code: replies.nak, data }), null, 'crc'));
  };
  return {
    between: (say, wait) => {
      sleep = wait;
      return (bytes) => void wait(lateMs).then(() => say(bytes));
    },
    beside: (link) => (bytes) => {
      if (decoded(bytes.subarray(1))) return;
      void sleep(lateMs).then(() => link.write(refusal((bytes[5] ?? 0) & 3), new AbortController().signal));
    },
  };
}

test('what a reader says late to a packet that was spoilt is not its answer to the next', async () => {
  await onLine(slow(), async (ask) => {
    expect(await ask(connect)).toMatchObject({ said: 'done' });
    await ask({ ...status, sent: 'flipped' });
    expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'locked' } });
  });
});

test('a reader that has heard a command spoilt is asked again in the same words', async () => {
  let isFirst = true;
  const between = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => {
    const heard = decoded(bytes.subarray(1))?.packet;
    if (!heard?.mac || !isFirst) return say(bytes);
    isFirst = false;
    const { sequence } = heard;
    const data = Uint8Array.of(naks.check);
    say(marked(checked(unsealed({ ...head, isReply: true, sequence, code: replies.nak, data }), null, 'crc')));
  };
  await onLine({ between }, async (ask) => {
    expect(await ask(connect)).toMatchObject({ said: 'done' });
    expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'locked' } });
    expect(isFirst).toBe(false);
  });
});

describe('what was recorded', () => {
  test('is sent again up to what released the door, so that a lock behind it does not hide that', async () => {
    await onLine({ faults: ['reader-random-fixed'] }, async (ask) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      for (const to of ['unlock', 'lock'] as const) expect(await ask({ ...status, ask: to })).toMatchObject({ said: 'done' });
      expect(await ask(status)).toMatchObject({ status: { bolt: 'locked' } });
      await ask({ on: 'device', do: 'replay', as: 'owner', into: 'fresh-link' });
      expect(await ask(status)).toMatchObject({ status: { bolt: 'unlocked' } });
    });
  });
});

describe('a reader that is busy', () => {
  const unlock = { ...status, ask: 'unlock' } as const;
  /** From the given sealed answer on, as many are kept back, and it says that it is busy. */
  const busyFor = (times: number) => (say: (bytes: Uint8Array) => void) => {
    let left = times;
    return (bytes: Uint8Array): void => {
      const isSealed = decoded(bytes.subarray(1))?.packet.mac !== null;
      if (isSealed && left > 0) {
        left -= 1;
        say(busy);
      } else say(bytes);
    };
  };

  test('is asked again in the same words until it has done it, once', async () => {
    await onLine({ between: busyFor(3) }, async (ask, _restore, sent) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask(unlock)).toMatchObject({ said: 'done', answers: 1 });
      const outputs = sent.filter(({ mac }) => mac !== null);
      expect(new Set(outputs.map(({ sequence, mac }) => `${sequence} ${Buffer.from(mac ?? []).toString('hex')}`)).size).toBe(1);
      expect(outputs).toHaveLength(4);
      expect(await ask(status)).toMatchObject({ said: 'done', status: { bolt: 'unlocked' } });
    });
  });

  test('for ever, is told as silent in the end', async () => {
    await onLine({ between: busyFor(Infinity) }, async (ask) => {
      expect(await ask(connect)).toMatchObject({ said: 'done' });
      expect(await ask(status)).toMatchObject({ said: 'nothing' });
    });
  });
});

/** Panels and readers on the same two wires: all hear all. */
function bus(readers: readonly ((link: ByteLink) => void)[]): () => ByteLine {
  const all = new Set<(bytes: Uint8Array) => void>();
  const linkOf = (): ByteLink => {
    let mine: ((bytes: Uint8Array) => void) | null = null;
    return {
      kind: 'open',
      write: async (bytes) => {
        for (const heard of all) if (heard !== mine) heard(bytes);
        return null;
      },
      listen: (heard) => {
        mine = heard;
        all.add(heard);
      },
      close: async () => void (mine && all.delete(mine)),
    };
  };
  for (const serve of readers) serve(linkOf());
  return () => ({ name: 'a bus in memory', open: async () => linkOf() });
}

const keyOf = (address: number): Uint8Array => new Uint8Array(16).fill(address + 1);

/** Two readers on one line, and a panel for each of the addresses. */
async function onBus<T>(
  addresses: readonly number[],
  use: (panels: readonly ReturnType<typeof osdpWires>[], line: ByteLine) => Promise<T>,
): Promise<T> {
  const virtual = virtualClock({ startMs: 1_772_438_400_000, limitMs: 3_600_000 });
  const { clock } = virtual;
  const { declaration } = osdpTarget('twin');
  return virtual.run(async () => {
    const readers = await Promise.all(
      [0, 5].map(async (address) => {
        const reader = await twin({ clock, random: seededRandom(address) }, declaration, []);
        return reader.ownLine?.(keyOf(address), address) ?? (() => undefined);
      }),
    );
    const at = bus(readers);
    const panels = addresses.map((address) => {
      const chance = seededRandom(90 + address);
      const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, () => chance.below(256));
      const parts = { clock, bytes, declaration, symbolOf: () => 'other', baud: 9_600, output: 0 };
      return osdpWires({ ...parts, line: at(), key: keyOf(address), address });
    });
    return use(panels, at());
  });
}

describe('two readers on one line', () => {
  test('are met by their addresses, each with its own key, and only the one that is asked does it', async () => {
    await onBus([0, 5], async ([first, second]) => {
      if (!first || !second) throw new Error('no panels');
      for (const panel of [first, second]) expect(await panel.act(connect)).toMatchObject({ said: 'done' });
      expect(await first.act({ ...status, ask: 'unlock' })).toMatchObject({ said: 'done' });
      // In turn, as a panel polls the readers on its line: neither session is disturbed by the other.
      for (let round = 0; round < 5; round++) {
        expect(await first.act(status)).toMatchObject({ said: 'done', status: { bolt: 'unlocked' } });
        expect(await second.act(status)).toMatchObject({ said: 'done', status: { bolt: 'locked' } });
      }
    });
  });

  test('keep a panel from giving one the address of the other', async () => {
    await onBus([5], async ([panel], line) => {
      if (!panel) throw new Error('no panel');
      await panel.act(connect);
      await panel.act({ on: 'device', do: 'readdress', to: 'other' });
      expect(await panel.act({ on: 'device', do: 'readdress', to: 'own' })).toMatchObject({ said: 'done' });
      const taken = osdpTaken(line);
      expect(await panel.act({ on: 'device', do: 'readdress', to: 'other' })).toMatchObject({
        said: 'nothing',
        code: 'address-taken',
      });
      await taken;
    });
  });
});

/** Somebody who answers at address 6. */
async function osdpTaken(line: ByteLine): Promise<void> {
  const link = await line.open(new AbortController().signal);
  if (link.kind !== 'open') return;
  link.listen(
    (bytes) => {
      const asked = decoded(bytes.subarray(1))?.packet;
      const said = { ...head, address: 6, isReply: true, code: replies.id } as const;
      if (asked?.address === 6) void link.write(marked(checked(unsealed(said), null, 'crc')), new AbortController().signal);
    },
    () => undefined,
  );
}

describe('a line that is not as it should be is told with what to do', () => {
  const restoreOn = (line: ByteLine): Promise<string | null> => {
    const virtual = virtualClock({ startMs: 1_772_438_400_000, limitMs: 3_600_000 });
    const { clock } = virtual;
    const { declaration } = osdpTarget('twin');
    const parts = { line, clock, declaration, symbolOf: () => 'other', baud: 9_600, address: 0, output: 0 };
    return virtual.run(() => osdpWires({ ...parts, bytes: (count) => new Uint8Array(count), key: keyOf(0) }).restore());
  };

  for (const [trouble, words] of Object.entries({
    missing: 'there is no such port',
    busy: 'another program holds the port',
    permission: 'this user may not open the port: give the user the right to',
    settings: 'the port does not take this speed',
    unplugged: 'the port was lost: check the cable',
    late: 'the port takes nothing: check the cable',
  } satisfies Partial<Record<LineTrouble, string>>))
    test(`the port: ${trouble}`, async () => {
      const line: ByteLine = { name: 'line', open: async () => ({ kind: 'trouble', trouble: trouble as LineTrouble }) };
      expect(await restoreOn(line)).toContain(words);
    });

  test('a wrong speed: bytes come, and no packet', async () => {
    // Two bits of each byte are read as one.
    const wrong = (say: (bytes: Uint8Array) => void) => (bytes: Uint8Array) => say(bytes.map((byte) => (byte << 1) & 0xff));
    await onLine({ between: wrong }, async (_ask, restore) =>
      expect(await restore()).toContain('no packet: check the speed of the port'),
    );
  });

  test('garbage that never ends', async () => {
    const beside = (link: ByteLink) => () => void link.write(new Uint8Array(4_000).fill(0x53), new AbortController().signal);
    const mute = () => () => undefined;
    await onLine({ beside, between: mute }, async (_ask, restore) =>
      expect(await restore()).toContain('no packet: check the speed of the port'),
    );
  });

  test('a reader that never answers', async () => {
    await onLine({ between: () => () => undefined }, async (_ask, restore) =>
      expect(await restore()).toContain('nobody answers at this address of the line: see that the reader has power, and check'),
    );
  });

  test('a second panel, whether the reader answers or not', async () => {
    const poll = marked(checked(unsealed({ ...head, isReply: false, code: commands.poll }), null, 'crc'));
    const beside = (link: ByteLink) => () => void link.write(poll, new AbortController().signal);
    for (const between of [(say: (bytes: Uint8Array) => void) => say, () => () => undefined])
      await onLine({ beside, between }, async (_ask, restore) =>
        expect(await restore()).toContain('another panel speaks on this line: take it off'),
      );
  });
});
