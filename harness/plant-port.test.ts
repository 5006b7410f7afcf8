import { PassThrough } from 'node:stream';
import { describe, test } from 'vitest';
import { fixtureBoard } from '../fixture/face.ts';
import { notedFixture } from '../fixture/line.fixture.ts';
import { personFixture } from '../fixture/person.ts';
import { plantPort } from '../fixture/port.ts';
import { realClock } from '../rig/clock.ts';
import { prompter } from '../rig/prompter.ts';
import { type Pty, servePty } from '../rig/pty.ts';
import { serialLine } from '../rig/serial.ts';
import type { ByteLink } from '../contract/link.ts';

const clock = realClock();
const pin = { act: 'present', digits: '048213' } as const;
const long = (): AbortSignal => new AbortController().signal;

/** A pseudo-terminal, or the reason why this machine has none. */
async function pty(serve: (link: ByteLink) => void): Promise<Pty | string> {
  const made = await servePty(serve);
  return made.kind === 'missing' ? made.why : made;
}
function board() {
  const noted = notedFixture(clock);
  return { ...noted, serve: fixtureBoard(noted.fixture, { name: 'on-a-pty', boot: '1' }, clock) };
}

describe('a fixture on a real serial port', { timeout: 60_000 }, () => {
  test('acts are done, a cable pulled in the middle is plugged in again, and nothing is done twice', async ({ expect, skip }) => {
    const at = board();
    const tty = await pty(at.serve);
    if (typeof tty === 'string') return skip(tty);
    const port = await plantPort(serialLine({ path: tty.path, baud: 115_200 }), clock);
    try {
      if ('trouble' in port) throw new Error(port.trouble);
      expect(port.board).toBe('on-a-pty');
      for (let i = 0; i < 20; i++) expect(await port.fixture.act(pin)).toEqual(at.sight);
      expect(at.acts.length).toBe(20);
      const under = port.fixture.act(pin);
      await tty.unplug();
      await tty.plug();
      expect(await under).toEqual(at.sight);
      expect(at.acts.length).toBe(21);
      expect(await port.fixture.act(pin)).toEqual(at.sight);
      await tty.unplug();
      expect(await port.fixture.act(pin)).toEqual({ trouble: 'there is no such port' });
    } finally {
      if ('kind' in port) await port.close();
      await tty.close();
    }
  });

  test('a port that is not there, that another holds, and that says nothing are told apart', async ({ expect, skip }) => {
    const tty = await pty(() => undefined);
    if (typeof tty === 'string') return skip(tty);
    try {
      const line = serialLine({ path: tty.path, baud: 9_600 });
      expect(await serialLine({ path: `${tty.path}-none`, baud: 9_600 }).open(long())).toEqual({
        kind: 'trouble',
        trouble: 'missing',
      });
      const held = await line.open(long());
      expect(held.kind).toBe('open');
      expect(await line.open(long())).toEqual({ kind: 'trouble', trouble: 'busy' });
      if (held.kind === 'open') await held.close();
      expect(await plantPort(line, clock)).toEqual({ trouble: 'the fixture does not answer in time' });
    } finally {
      await tty.close();
    }
  });

  test('a flood from the other end is dropped, and a line that takes nothing ends in time', async ({ expect, skip }) => {
    let far: ByteLink | null = null;
    const tty = await pty((link) => (far = link));
    if (typeof tty === 'string') return skip(tty);
    try {
      const link = await serialLine({ path: tty.path, baud: 115_200 }).open(long());
      if (link.kind === 'trouble') throw new Error(link.trouble);
      let heard = 0;
      link.listen(
        (bytes) => (heard += bytes.length),
        () => undefined,
      );
      const end = new AbortController();
      const other: ByteLink = await until(() => far);
      for (let i = 0; i < 16; i++) await other.write(new Uint8Array(64 * 1024), end.signal);
      await until(() => (heard >= 1024 * 1024 ? true : null));
      expect(heard).toBe(1024 * 1024);
      await link.close();
      expect(await link.write(new Uint8Array(4), end.signal)).toEqual({ kind: 'trouble', trouble: 'unplugged' });
    } finally {
      await tty.close();
    }
  });
});

async function until<T>(look: () => T | null): Promise<T> {
  for (let i = 0; i < 3_000; i++) {
    const seen = look();
    if (seen !== null) return seen;
    await clock.sleep(10);
  }
  throw new Error('it never came');
}

describe('a person as the fixture', () => {
  test('is told what to do and asked what to see; the code is on the terminal and nowhere else', async ({ expect }) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    let shown = '';
    output.on('data', (text: Buffer) => (shown += text.toString()));
    const { ask, close } = prompter(clock, input, output);
    const person = personFixture(ask);
    const seen = person.act(pin);
    const type = async (question: string, key: string): Promise<void> => {
      await until(() => (shown.includes(question) ? true : null));
      shown = '';
      input.write(`${key}\n`);
    };
    await type('Press 048213', 'maybe');
    await type('Press 048213', 'd');
    await type('What did the keypad say?', 'a');
    await type('Where did the bolt stand', 'u');
    expect(await seen).toMatchObject({ bolt: 'unlocked', door: null, keypad: 'accepted', opened: true });
    const unsure = person.act({ act: 'turn', to: 'locked' });
    await type('Throw the bolt', 'd');
    await type('Where did the bolt stand', '?');
    expect(await unsure).toMatchObject({ bolt: null, door: null, keypad: null, opened: null });
    const unable = person.act({ act: 'power', on: false });
    await type('Take the power', 'n');
    expect(await unable).toEqual({ trouble: 'the person at the door could not do it' });
    const left = person.act(pin);
    await close();
    expect(await left).toEqual({ trouble: 'nobody answers at the terminal any more' });
  });
});
