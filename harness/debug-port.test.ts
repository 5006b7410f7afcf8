import { randomBytes } from 'node:crypto';
import { describe, test } from 'vitest';
import type { DeviceCore } from '../contract/device.ts';
import type { ByteLine, ByteLink, LineTrouble } from '../contract/link.ts';
import { type DebugSight, wireSightSchema } from '../contract/wire.ts';
import { deviceFace } from '../device/face.ts';
import { keyPair } from '../device/noise.ts';
import { pipe } from '../device/pipe.ts';
import { fixtureBoard } from '../fixture/face.ts';
import { notedFixture } from '../fixture/line.fixture.ts';
import { traceOf } from '../oracle/trace.fixture.ts';
import { realClock } from '../rig/clock.ts';
import { type Pty, servePty } from '../rig/pty.ts';
import { serialLine } from '../rig/serial.ts';
import { virtualClock } from '../simulators/clock.ts';
import { requirement } from '../suites/link/LINK-011.ts';
import { debugWires, targetDebug } from './debug-port.ts';

const clock = realClock();
const baud = 115_200;
const long = (): AbortSignal => new AbortController().signal;
const act = { on: 'debug', do: 'probe' } as const;
const untried = (trouble: LineTrouble | 'talking') => ({ tried: false, trouble, answered: false, bytes: 0 });

/** A pseudo-terminal, or the reason why this machine has none. */
async function pty(serve: (link: ByteLink) => void): Promise<Pty | string> {
  const made = await servePty(serve);
  return made.kind === 'missing' ? made.why : made;
}
const say = (link: ByteLink, words: string | Uint8Array) => link.write(Buffer.from(words), long());
const knockAt = (port: string) => targetDebug({ port, baud }, clock).act(act);

/** The same over a line in memory, in virtual time. */
async function inMemory(line: ByteLine): Promise<unknown> {
  const virtual = virtualClock({ startMs: 0, limitMs: 3_600_000 });
  return virtual.run(() => debugWires({ line, baud: null, clock: virtual.clock }).act(act));
}
/** A port whose far end is this. */
const port = (heard: (link: ByteLink, words: string) => void): ByteLine =>
  pipe((link) =>
    link.listen(
      (bytes) => heard(link, Buffer.from(bytes).toString('latin1')),
      () => undefined,
    ),
  );

describe('a debug port on a real serial line', { timeout: 60_000 }, () => {
  test('one that is shut says nothing to any knock, and what waited in it is no answer', async ({ expect, skip }) => {
    let heard = '';
    const tty = await pty((link) => {
      link.listen(
        (bytes) => (heard += Buffer.from(bytes).toString('latin1')),
        () => undefined,
      );
      void say(link, 'left from before');
    });
    if (typeof tty === 'string') return skip(tty);
    try {
      expect(await knockAt(tty.path)).toEqual({ on: 'debug', tried: true, trouble: null, baud, answered: false, bytes: 0 });
      for (const knock of ['\r\n', '?\r\n', 'help\r\n', 'AT\r\n', '\u0003', '? 1 hello v=1 *770F\n'])
        expect(heard).toContain(knock);
    } finally {
      await tty.close();
    }
  });

  test('a prompt is an answer, and an echo of what was sent is one too', async ({ expect, skip }) => {
    for (const answer of ['\r\nlock> ', null]) {
      const tty = await pty((link) =>
        link.listen(
          (bytes) => void say(link, answer ?? bytes),
          () => undefined,
        ),
      );
      if (typeof tty === 'string') return skip(tty);
      try {
        const bytes = answer?.length ?? 2;
        expect(await knockAt(tty.path)).toEqual({ on: 'debug', tried: true, trouble: null, baud, answered: true, bytes });
      } finally {
        await tty.close();
      }
    }
  });

  test('a port that is not there, and one that another holds, are told apart and throw nothing', async ({ expect, skip }) => {
    const tty = await pty(() => undefined);
    if (typeof tty === 'string') return skip(tty);
    try {
      expect(await knockAt(`${tty.path}-none`)).toMatchObject(untried('missing'));
      const held = await serialLine({ path: tty.path, baud }).open(long());
      expect(await knockAt(tty.path)).toMatchObject(untried('busy'));
      if (held.kind === 'open') await held.close();
    } finally {
      await tty.close();
    }
  });
});

describe('a debug port in virtual time', () => {
  test('is knocked at no more once it has answered', async ({ expect }) => {
    const heard: string[] = [];
    const sight = await inMemory(
      port((link, words) => {
        heard.push(words);
        if (words.includes('help')) void say(link, 'usage');
      }),
    );
    expect(sight).toMatchObject({ tried: true, answered: true, bytes: 5 });
    // Once more, to be sure that it was no chance.
    expect(heard).toEqual(['\r\n', '?\r\n', 'help\r\n', 'help\r\n']);
  });

  test('what is printed from time to time is no answer, and neither is what came once', async ({ expect }) => {
    for (const everyMs of [800, 2_000, 2_900]) {
      const virtual = virtualClock({ startMs: 0, limitMs: 3_600_000 });
      const beats = async (link: ByteLink): Promise<void> => {
        for (let i = 0; i < 30; i += 1) {
          await virtual.clock.sleep(everyMs);
          await say(link, 'hb');
        }
      };
      const line = pipe((link) => void beats(link));
      const sight = virtual.run(() => debugWires({ line, baud: null, clock: virtual.clock }).act(act));
      expect(await sight, String(everyMs)).toMatchObject(untried('talking'));
    }
    let said = 0;
    const once = port((link) => {
      said += 1;
      if (said === 2) void say(link, 'ready');
    });
    expect(await inMemory(once)).toMatchObject(untried('talking'));
  });

  test('a wire that we know answers its own greeting', async ({ expect }) => {
    const { fixture } = notedFixture(clock);
    const board = pipe(fixtureBoard(fixture, { name: 'bench', boot: '1' }, clock));
    expect(await inMemory(board)).toMatchObject({ tried: true, answered: true });
    const core: Pick<DeviceCore, 'awake' | 'offered' | 'hears'> = {
      awake: () => true,
      offered: () => 'version',
      hears: () => true,
    };
    const serve = deviceFace({ core: core as DeviceCore, key: keyPair(randomBytes(32)), clock, bytes: randomBytes });
    expect(await inMemory(pipe(serve))).toMatchObject({ tried: true, answered: true });
  });

  test('one that talks unasked, takes nothing or goes away is not judged', async ({ expect }) => {
    const still: Omit<ByteLink, 'listen'> = { kind: 'open', write: async () => null, close: async () => undefined };
    const on = (link: Partial<ByteLink>): ByteLine => {
      return { name: 'test', open: async () => ({ ...still, listen: () => undefined, ...link }) };
    };
    const virtual = virtualClock({ startMs: 0, limitMs: 3_600_000 });
    const talks = on({
      listen: (heard) => {
        const chatter = async (): Promise<void> => {
          for (let i = 0; i < 100; i += 1) {
            heard(Buffer.from('tick\n'));
            await virtual.clock.sleep(100);
          }
        };
        void chatter();
      },
    });
    const wires = debugWires({ line: talks, baud: null, clock: virtual.clock });
    expect(await virtual.run(() => wires.act(act))).toMatchObject(untried('talking'));
    expect(await inMemory(on({ listen: (_, ended) => ended('unplugged') }))).toMatchObject(untried('unplugged'));
    const never = new Promise<null>(() => undefined);
    expect(await inMemory(on({ write: () => never }))).toMatchObject(untried('late'));
    expect(await inMemory({ name: 'test', open: async () => ({ kind: 'trouble', trouble: 'permission' }) })).toMatchObject(
      untried('permission'),
    );
  });
});

describe('LINK-011', () => {
  const judged = (sight: Partial<DebugSight>) => {
    const to = traceOf();
    to.wired(act, { on: 'debug', tried: true, trouble: null, baud, answered: false, bytes: 0, ...sight });
    return requirement.judge(to.trace());
  };

  test('any answer fails, silence passes, and what could not be tried is told with what to do', ({ expect }) => {
    expect(judged({})).toEqual({ kind: 'pass', witnessed: 1 });
    expect(judged({ answered: true, bytes: 8 })).toMatchObject({
      kind: 'fail',
      why: 'the debug port answered a knock with 8 bytes at 115200 baud',
    });
    expect(judged(untried('busy'))).toEqual({
      kind: 'inconclusive',
      why: 'the debug port was not tried, because another program holds it: end that program',
    });
    expect(requirement.judge(traceOf().trace()).kind).toBe('inconclusive');
  });

  test('what was said has no place in a trace', ({ expect }) => {
    const sight = { on: 'debug', tried: true, trouble: null, baud, answered: true, bytes: 5, said: 'hello' };
    expect(wireSightSchema.safeParse(sight).success).toBe(false);
  });
});
